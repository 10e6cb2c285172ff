/** What a distillation is held against: the best training that is the same, but has no teacher. */
import { queryOptions } from "@tanstack/react-query";
import { gathered } from "@/lib/gather";
import { api, unwrap } from "./client";
import type { JobSummary } from "./types";

const baselineOf = gathered(async (ids) => {
  const found = await unwrap(api.GET("/api/v1/jobs/baselines", { params: { query: { id: ids } } }));
  return found.by_job;
});

/** The course of the AP of a baseline. */
export function baselineCurveQuery(id: string | undefined) {
  return queryOptions({
    queryKey: ["baseline", id, "curve"],
    queryFn: async ({ signal }) => {
      const path = { job_id: id ?? "" };
      const query = { key: ["val/AP"], max_points: 1000 };
      const { series } = await unwrap(
        api.GET("/api/v1/jobs/{job_id}/metrics", { params: { path, query }, signal }),
      );
      return series[0]?.points ?? [];
    },
    enabled: id !== undefined,
    staleTime: 60_000,
  });
}

/** null where there is none. Rows that ask at the same time share a request. */
export function baselineQuery({ id, kind, teacher }: JobSummary) {
  return queryOptions({
    queryKey: ["baseline", id],
    queryFn: async () => (await baselineOf(id)) ?? null,
    enabled: kind === "job" && teacher !== null,
    staleTime: 60_000,
  });
}
