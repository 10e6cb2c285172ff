/** The log of one attempt: read as it is, then followed as it is written. */
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, unwrap } from "@/api/client";
import { followStream } from "@/api/event-stream";
import { appendText } from "@/lib/log-lines";

export interface Log {
  lines: string[];
  nextOffset: number;
  complete: boolean;
}

const EMPTY: Log = { lines: [], nextOffset: 0, complete: false };
const CHUNK_BYTES = 262_144;

/** Following a log that is complete, or of a job that is over, asks for nothing more. */
export function useLog(id: string, attempt: number, newest: boolean) {
  const client = useQueryClient();
  const [streaming, setStreaming] = useState(false);
  const queryKey = ["job", id, "log", attempt];
  const query = useQuery(
    queryOptions({
      queryKey,
      queryFn: async ({ signal }): Promise<Log> => {
        let log = client.getQueryData<Log>(queryKey) ?? EMPTY;
        let size = 1;
        while (size > 0 && !log.complete) {
          const chunk = await unwrap(
            api.GET("/api/v1/jobs/{job_id}/logs", {
              params: {
                path: { job_id: id },
                query: { attempt, offset: log.nextOffset, limit_bytes: CHUNK_BYTES },
              },
              signal,
            }),
          );
          size = chunk.next_offset - log.nextOffset;
          log = {
            lines: size > 0 ? appendText(log.lines, chunk.text) : log.lines,
            nextOffset: chunk.next_offset,
            complete: chunk.complete,
          };
        }
        return log;
      },
      enabled: attempt > 0,
      refetchInterval: ({ state }) => (streaming || state.data?.complete ? false : 2_000),
    }),
  );
  const ready = query.isSuccess && !query.data.complete && newest;
  useEffect(() => {
    if (!ready) return;
    const key = ["job", id, "log", attempt];
    const start = client.getQueryData<Log>(key)?.nextOffset ?? 0;
    const stop = followStream(
      `/api/v1/jobs/${id}/logs/stream`,
      {
        onOpen: () => setStreaming(true),
        onLost: () => setStreaming(false),
        onEnd: () => setStreaming(false),
        onMessage: ({ event, data }) => {
          if (event !== "log" || data.attempt !== attempt) return;
          client.setQueryData<Log>(key, (before = EMPTY) =>
            data.offset === before.nextOffset
              ? { ...before, lines: appendText(before.lines, data.text), nextOffset: data.next_offset }
              : before,
          );
        },
      },
      `${attempt}~${start}`,
    );
    return () => {
      stop();
      setStreaming(false);
    };
  }, [ready, client, id, attempt]);
  return query;
}
