import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { JobState } from "@/api/types";
import { isFinal, pollInterval } from "@/lib/states";

/** Curves of a job's run. A finished job is read once more and then left alone. */
export function metricsQuery(id: string, state: JobState) {
  return queryOptions({
    queryKey: ["job", id, "metrics", isFinal(state)],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/jobs/{job_id}/metrics", {
          params: { path: { job_id: id }, query: { max_points: 1000 } },
          signal,
        }),
      ),
    refetchInterval: () => (isFinal(state) ? false : pollInterval(state)),
    placeholderData: (before) => before,
  });
}

export function eventsQuery(id: string, state: JobState) {
  return queryOptions({
    queryKey: ["job", id, "events"],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/jobs/{job_id}/events", {
          params: { path: { job_id: id }, query: { limit: 200 } },
          signal,
        }),
      ),
    refetchInterval: () => pollInterval(state),
  });
}

export interface Log {
  attempt: number;
  text: string;
  nextOffset: number;
  complete: boolean;
}

/** The log of a job's newest attempt; each look reads only what is new. */
export function useLogQuery(id: string, attempt: number) {
  const client = useQueryClient();
  const queryKey = ["job", id, "log", attempt];
  return queryOptions({
    queryKey,
    queryFn: async ({ signal }): Promise<Log> => {
      let log = client.getQueryData<Log>(queryKey) ?? { attempt, text: "", nextOffset: 0, complete: false };
      let size = 1;
      while (size > 0 && !log.complete) {
        const chunk = await unwrap(
          api.GET("/api/v1/jobs/{job_id}/logs", {
            params: {
              path: { job_id: id },
              query: { attempt, offset: log.nextOffset, limit_bytes: 262_144 },
            },
            signal,
          }),
        );
        size = chunk.next_offset - log.nextOffset;
        log = {
          attempt: chunk.attempt,
          text: log.text + chunk.text,
          nextOffset: chunk.next_offset,
          complete: chunk.complete,
        };
      }
      return log;
    },
    enabled: attempt > 0,
    refetchInterval: (query) => (query.state.data?.complete ? false : 1_500),
  });
}
