import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { isLive } from "@/api/live-status";
import type { JobKind, JobState, JobSummary } from "@/api/types";
import { gathered } from "@/lib/gather";
import { isFinal } from "@/lib/states";
import type { paths } from "@/api/schema";

export type JobSort = NonNullable<NonNullable<paths["/api/v1/jobs"]["get"]["parameters"]["query"]>["sort"]>;

export interface JobFilter {
  state?: JobState[];
  kind?: JobKind;
  project?: string;
  tag?: string;
  teacher?: string;
  student?: string;
  text?: string;
}

const PAGE = 100;

function asQuery({ project, tag, ...rest }: JobFilter) {
  return { ...rest, project: project ? [project] : undefined, tag: tag ? [tag] : undefined };
}

export function jobsQuery(filter: JobFilter, sort: JobSort = "-created", limit = PAGE) {
  return infiniteQueryOptions({
    queryKey: ["jobs", filter, sort, limit],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/v1/jobs", {
          params: { query: { ...asQuery(filter), sort, limit, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => {
      if (isLive()) return false;
      const items = query.state.data?.pages.flatMap((page) => page.items) ?? [];
      return items.every((job) => isFinal(job.state)) ? 5_000 : 2_000;
    },
  });
}

/** How many jobs are in each state, whatever state the list is narrowed to. */
export function countsQuery(filter: JobFilter) {
  const wide = { ...filter, state: undefined };
  return queryOptions({
    queryKey: ["counts", wide],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/jobs/counts", { params: { query: asQuery(wide) }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: () => (isLive() ? false : 5_000),
  });
}

const courseOf = gathered(async (ids) => {
  const { items } = await unwrap(
    api.GET("/api/v1/jobs/metrics", { params: { query: { id: ids, key: ["val/AP"], max_points: 40 } } }),
  );
  return Object.fromEntries(items.map(({ id, series }) => [id, series[0]?.points]));
});

/**
 * The course of the AP in a few points; read again only when there is a new one. Rows that ask at the same time share
 * a request.
 */
export function sparkQuery(job: JobSummary) {
  return queryOptions({
    queryKey: ["spark", job.id, job.attempt, job.metrics["val/AP"]],
    queryFn: async () => (await courseOf(job.id))?.map(({ value }) => value) ?? [],
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
}

export const projectsQuery = queryOptions({
  queryKey: ["projects"],
  queryFn: ({ signal }): Promise<Schemas["Projects"]> => unwrap(api.GET("/api/v1/projects", { signal })),
  staleTime: 60_000,
});
