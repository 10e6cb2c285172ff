import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ProblemError } from "@/api/client";
import { formatAge } from "@/lib/format";
import { useNow } from "@/lib/now";

interface Link {
  lastAnswer: number;
  broken: boolean;
}

/** Whether the server still answers: `Live`, or `Stale` with the age of what is shown. */
export function LiveBadge() {
  const cache = useQueryClient().getQueryCache();
  const [link, setLink] = useState<Link>(() => ({ lastAnswer: Date.now(), broken: false }));
  const now = useNow();
  useEffect(
    () =>
      cache.subscribe((event) => {
        if (event.type !== "updated") return;
        if (event.action.type === "success") setLink({ lastAnswer: Date.now(), broken: false });
        if (event.action.type !== "error") return;
        const error: unknown = event.action.error;
        if (error instanceof ProblemError && error.isOutage)
          setLink((before) => ({ ...before, broken: true }));
      }),
    [cache],
  );
  const age = Math.max(0, (now - link.lastAnswer) / 1000);
  return (
    <span className={link.broken ? "live-badge stale" : "live-badge"} role="status">
      <span className="live-dot" aria-hidden="true" />
      {link.broken ? `Stale, ${formatAge(age)} old` : "Live"}
    </span>
  );
}
