import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { isLive } from "@/api/live-status";
import type { JobKind, JobState } from "@/api/types";
import { isFinal } from "@/lib/states";

export interface JobFilter {
  state?: JobState[];
  kind?: JobKind;
  project?: string;
  text?: string;
}

export function jobsQuery(filter: JobFilter) {
  return infiniteQueryOptions({
    queryKey: ["jobs", filter],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/v1/jobs", {
          params: {
            query: {
              ...filter,
              project: filter.project ? [filter.project] : undefined,
              limit: 50,
              cursor: pageParam,
            },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
    refetchInterval: (query) => {
      if (isLive()) return false;
      const items = query.state.data?.pages.flatMap((page) => page.items) ?? [];
      return items.every((job) => isFinal(job.state)) ? 5_000 : 1_500;
    },
  });
}
