import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { isLive } from "@/api/live-status";
import type { JobState } from "@/api/types";
import { isFinal, pollInterval } from "@/lib/states";

/** Curves of a job's run. */
export function metricsQuery(id: string, state: JobState) {
  return queryOptions({
    queryKey: ["job", id, "metrics"],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/jobs/{job_id}/metrics", {
          params: { path: { job_id: id }, query: { max_points: 1000 } },
          signal,
        }),
      ),
    // While a stream brings new points, all is still read now and then: a curve may have begun in between.
    refetchInterval: () => (isFinal(state) ? false : isLive() ? 15_000 : pollInterval(state)),
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

export function artifactsQuery(id: string) {
  return queryOptions({
    queryKey: ["job", id, "artifacts"],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/jobs/{job_id}/artifacts", { params: { path: { job_id: id } }, signal })),
    staleTime: 10_000,
  });
}

/** What teacher and student found at one evaluation; `newest` is renewed when there is another one. */
export function detectionsQuery(id: string, step: number | undefined, newest: number) {
  return queryOptions({
    queryKey: ["job", id, "detections", step ?? newest],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/jobs/{job_id}/detections", {
          params: { path: { job_id: id }, query: { step } },
          signal,
        }),
      ),
    staleTime: 60_000,
  });
}

export function lineageQuery(id: string) {
  return queryOptions({
    queryKey: ["job", id, "lineage"],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/jobs/{job_id}/lineage", { params: { path: { job_id: id } }, signal })),
    staleTime: 30_000,
  });
}

/** Jobs of the same project, newest first, to hold one against another. */
export function siblingsQuery(project: string) {
  return queryOptions({
    queryKey: ["siblings", project],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/jobs", { params: { query: { project: [project], limit: 200 } }, signal })),
    staleTime: 30_000,
  });
}

interface Promotion {
  model: string;
  alias: string;
  note: string;
}

/** Give a job's student an alias under the name of a model. */
export function usePromote(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ model, alias, note }: Promotion) =>
      unwrap(
        api.POST("/api/v1/jobs/{job_id}/promote", {
          params: { path: { job_id: id } },
          body: { model: model || null, alias, note },
        }),
      ),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["job", id, "lineage"] }),
        client.invalidateQueries({ queryKey: ["models"] }),
      ]),
  });
}
