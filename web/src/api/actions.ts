/** Cancel, pause, resume and retry, of one job or of many: shown at once, put right when the server answers. */
import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { type Action, ACTION_WORDS, stateAfter } from "@/lib/actions";
import { api, ProblemError, unwrap } from "./client";
import type { Job, JobSummary } from "./types";

interface Order {
  action: Action;
  ids: readonly string[];
}

interface Listed {
  items: JobSummary[];
}

export function useJobAction() {
  const client = useQueryClient();
  return useMutation({
    mutationKey: ["act"],
    mutationFn: async ({ action, ids }: Order) => {
      const { items } = await unwrap(
        api.POST("/api/v1/jobs/bulk", { body: { action, ids: [...ids], from_scratch: false } }),
      );
      const refused = items.flatMap(({ id, problem }) => (problem ? [{ id, ...problem }] : []));
      const [first] = refused;
      if (!first) return items;
      const others = refused.length > 1 ? ` So it was with ${refused.length - 1} more.` : "";
      throw new ProblemError({ ...first, detail: `${first.detail}${others}` });
    },
    onMutate: ({ action, ids }) => {
      const wanted = new Set(ids);
      renewJobs(client, (job) => (wanted.has(job.id) ? underway(job, action) : job));
    },
    onSettled: async (_answer, _error, { ids }) => {
      await Promise.all([
        ...["jobs", "sweeps", "counts"].map((name) => client.invalidateQueries({ queryKey: [name] })),
        ...ids.map((id) => client.invalidateQueries({ queryKey: ["job", id], exact: true })),
      ]);
    },
  });
}

function underway<T extends JobSummary>(job: T, action: Action): T {
  const state = stateAfter(action, job.state);
  return state ? { ...job, state, reason: ACTION_WORDS[action].underway } : job;
}

/** Change jobs wherever they are shown. */
function renewJobs(client: QueryClient, change: <T extends JobSummary>(job: T) => T): void {
  const renew = (page: Listed): Listed => ({ ...page, items: page.items.map(change) });
  for (const name of ["jobs", "sweeps"])
    client.setQueriesData<Listed | { pages: Listed[] }>({ queryKey: [name] }, (before) => {
      if (!before) return before;
      return "pages" in before ? { ...before, pages: before.pages.map(renew) } : renew(before);
    });
  for (const [key, job] of client.getQueriesData<Job>({ queryKey: ["job"] }))
    if (key.length === 2 && job) client.setQueryData(key, change(job));
}
