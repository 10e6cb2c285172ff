import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { followStream } from "@/api/event-stream";
import { LiveCache } from "@/api/live-cache";
import { ALL_JOBS, useLiveSource } from "@/api/live-source";
import { setLiveStatus } from "@/api/live-status";

/** The one connection of a page: feeds the cache, and says whether it stands. */
export function LiveConnection() {
  const client = useQueryClient();
  const path = useLiveSource();
  useEffect(() => {
    const cache = new LiveCache(client);
    const jobId = path === ALL_JOBS ? null : (/^\/api\/v1\/jobs\/([^/]+)/.exec(path)?.[1] ?? null);
    const stop = followStream(path, {
      onOpen: (resumed) => {
        if (!resumed) cache.refresh(Date.now());
        setLiveStatus({ mode: "live", why: "" });
      },
      onMessage: (message) => cache.take(message, jobId),
      onLost: (why) => {
        setLiveStatus({ mode: "polling", why });
        // Whoever is shown reads once, and finds then that it has to ask again and again.
        void client.invalidateQueries();
      },
    });
    return () => {
      stop();
      cache.stop();
    };
  }, [client, path]);
  return null;
}
