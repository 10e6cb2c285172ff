import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { isFinal, pollInterval } from "@/lib/states";
import type { Job } from "@/api/types";

/** All curves of a job, thin enough for several jobs in one chart. */
export function curvesQuery(job: Job) {
  return queryOptions({
    queryKey: ["job", job.id, "metrics", "compare", isFinal(job.state)],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/jobs/{job_id}/metrics", {
          params: { path: { job_id: job.id }, query: { max_points: 400 } },
          signal,
        }),
      ),
    refetchInterval: () => (isFinal(job.state) ? false : pollInterval(job.state) || 5_000),
  });
}

/** The newest jobs, to choose from. */
export const newestQuery = queryOptions({
  queryKey: ["siblings", "*"],
  queryFn: ({ signal }) =>
    unwrap(api.GET("/api/v1/jobs", { params: { query: { kind: "job", limit: 200 } }, signal })),
  staleTime: 30_000,
});
