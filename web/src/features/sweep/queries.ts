import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { JobState, Trial } from "@/api/types";
import { pollInterval } from "@/lib/states";

export function trialsQuery(id: string, state: JobState) {
  return queryOptions({
    queryKey: ["job", id, "trials"],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/sweeps/{sweep_id}/trials", { params: { path: { sweep_id: id } }, signal })),
    refetchInterval: () => pollInterval(state),
  });
}

/** What the sweep has found so far; asked anew whenever a trial has ended. */
export function answersQuery(id: string, numEnded: number) {
  return queryOptions({
    queryKey: ["job", id, "answers", numEnded],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/sweeps/{sweep_id}/answers", { params: { path: { sweep_id: id } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

/** One curve of one trial, read again only while the trial runs. */
export function trialCurveQuery(id: string, trial: Trial, key: string) {
  const running = trial.state === "running";
  return queryOptions({
    queryKey: ["job", id, "trial", trial.number, key, running],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/sweeps/{sweep_id}/trials/{number}/metrics", {
          params: { path: { sweep_id: id, number: trial.number }, query: { key: [key], max_points: 200 } },
          signal,
        }),
      ),
    enabled: trial.mlflow_run_id !== null,
    staleTime: running ? 0 : Infinity,
    refetchInterval: running ? 4_000 : false,
  });
}
