/** The query of one job or sweep, shared by the features that show it. The routes of jobs serve both. */
import { queryOptions } from "@tanstack/react-query";
import { pollInterval } from "@/lib/states";
import { api, unwrap } from "./client";

export function jobQuery(id: string) {
  return queryOptions({
    queryKey: ["job", id],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/jobs/{job_id}", { params: { path: { job_id: id } }, signal })),
    refetchInterval: (query) => pollInterval(query.state.data?.state),
  });
}
