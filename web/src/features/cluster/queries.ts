/** Queries of the cluster and its queue, and changes of the queue's order. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { inOrder, type PriorityChange } from "./queue";

export const clusterQuery = queryOptions({
  queryKey: ["cluster"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/cluster", { signal })),
  refetchInterval: 4_000,
});

const MOST = 200;

/** The first jobs that wait, in the order in which they are served. */
export const queueQuery = queryOptions({
  queryKey: ["jobs", "queue"],
  queryFn: ({ signal }) =>
    unwrap(
      api.GET("/api/v1/jobs", {
        params: { query: { state: ["queued"], sort: "-priority", limit: MOST } },
        signal,
      }),
    ),
  refetchInterval: 4_000,
});

/** Give jobs other priorities; refused where one was changed since it was read. The list follows at once. */
export function useReorder() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (changes: readonly (PriorityChange & { revision: number })[]) => {
      for (const { id, priority, revision } of changes)
        await unwrap(
          api.PATCH("/api/v1/jobs/{job_id}", {
            params: { path: { job_id: id }, header: { "If-Match": `"${revision}"` } },
            body: { priority },
          }),
        );
    },
    onMutate: async (changes) => {
      await client.cancelQueries({ queryKey: queueQuery.queryKey });
      const wanted = new Map(changes.map(({ id, priority }) => [id, priority]));
      client.setQueryData(
        queueQuery.queryKey,
        (page) =>
          page && {
            ...page,
            items: inOrder(
              page.items.map((job) => ({ ...job, priority: wanted.get(job.id) ?? job.priority })),
            ),
          },
      );
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["jobs"] }),
  });
}
