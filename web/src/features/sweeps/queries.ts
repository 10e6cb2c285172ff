/** The list of sweeps. */
import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { JobState } from "@/api/types";
import { isFinal } from "@/lib/states";

export interface SweepFilter {
  state?: JobState;
  project?: string;
  text?: string;
}

export function sweepsQuery({ state, project, text }: SweepFilter) {
  return infiniteQueryOptions({
    queryKey: ["jobs", "sweeps", { state, project, text }],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/v1/sweeps", {
          params: {
            query: {
              state: state && [state],
              project: project ? [project] : undefined,
              text,
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
      const items = query.state.data?.pages.flatMap((page) => page.items) ?? [];
      return items.every((sweep) => isFinal(sweep.state)) ? 15_000 : 3_000;
    },
  });
}
