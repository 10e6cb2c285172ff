import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ProblemError } from "@/api/client";
import { useLiveStatus } from "@/api/live-status";
import { formatAge } from "@/lib/format";
import { useNow } from "@/lib/now";

interface Answers {
  last: number;
  broken: boolean;
}

/** `Live` while a stream feeds the page, `Asking` while it has to ask, `Stale` with an age when nothing answers. */
export function LiveBadge() {
  const { mode, why } = useLiveStatus();
  const answers = useAnswers();
  const now = useNow();
  const age = Math.max(0, (now - answers.last) / 1000);
  const stale = answers.broken && mode !== "live";
  const look = stale ? "stale" : mode;
  const explained = {
    stale: `The server does not answer; what is shown is ${formatAge(age)} old. The page goes on trying.`,
    polling: `The live stream is lost (${why}); the page asks every few seconds until it is back.`,
    connecting: "The live stream is being opened.",
    live: "Changes are shown as they happen.",
  }[look];
  return (
    <span className={`live-badge ${look}`} role="status" title={explained}>
      <span className="live-dot" aria-hidden="true" />
      {stale
        ? `Stale, ${formatAge(age)} old`
        : { polling: "Polling", connecting: "Connecting", live: "Live" }[mode]}
    </span>
  );
}

/** When the server last answered a query, and whether it fails to since. */
function useAnswers(): Answers {
  const cache = useQueryClient().getQueryCache();
  const [answers, setAnswers] = useState<Answers>(() => ({ last: Date.now(), broken: false }));
  useEffect(
    () =>
      cache.subscribe((event) => {
        if (event.type !== "updated") return;
        if (event.action.type === "success") setAnswers({ last: Date.now(), broken: false });
        if (event.action.type !== "error") return;
        const error: unknown = event.action.error;
        if (error instanceof ProblemError && error.isOutage)
          setAnswers((before) => ({ ...before, broken: true }));
      }),
    [cache],
  );
  return answers;
}
