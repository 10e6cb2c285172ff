/** Queries and changes of one job or sweep, shared by the features that show it. The routes of jobs serve both. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
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

/** Ask for a job's end; its page and the lists show the new state at once. */
export function useCancelJob() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.POST("/api/v1/jobs/{job_id}/cancel", { params: { path: { job_id: id } } })),
    onSuccess: (job) => client.setQueryData(jobQuery(job.id).queryKey, job),
    onSettled: () => client.invalidateQueries({ queryKey: ["jobs"] }),
  });
}
