/** Queries and changes of data sets. */
import type { Readable } from "openapi-typescript-helpers";
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";

export type Dataset = Schemas["Dataset"];
export type DatasetSummary = Schemas["DatasetSummary"];
export type DatasetSample = Readable<Schemas["DatasetSample"]>;
export type SplitReport = Schemas["SplitReport"];
export type Split = DatasetSample["split"];

export const SPLITS: readonly { split: Split; title: string }[] = [
  { split: "train", title: "Training" },
  { split: "val", title: "Validation" },
];

export interface DatasetFilter {
  project?: string;
  text?: string;
}

const WHILE_CHECKING_MS = 1_500;

export function datasetsQuery(filter: DatasetFilter) {
  return infiniteQueryOptions({
    queryKey: ["datasets", filter],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/v1/datasets", {
          params: { query: { ...filter, limit: 50, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
    refetchInterval: (query) => {
      const items = query.state.data?.pages.flatMap((page) => page.items) ?? [];
      return items.some((item) => item.state === "checking") ? WHILE_CHECKING_MS : 15_000;
    },
  });
}

export function datasetQuery(name: string, version: number | undefined) {
  return queryOptions({
    queryKey: ["dataset", name, version],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/datasets/{name}", { params: { path: { name }, query: { version } }, signal })),
    refetchInterval: (query) => (query.state.data?.state === "checking" ? WHILE_CHECKING_MS : 15_000),
  });
}

export function samplesQuery(name: string, version: number, count: number) {
  return queryOptions({
    queryKey: ["dataset", name, version, "samples", count],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/datasets/{name}/samples", {
          params: { path: { name }, query: { version } },
          signal,
        }),
      ),
    enabled: count > 0,
    staleTime: 60_000,
  });
}

export function datasetLineageQuery(name: string, version: number) {
  return queryOptions({
    queryKey: ["dataset", name, version, "lineage"],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/datasets/{name}/lineage", {
          params: { path: { name }, query: { version } },
          signal,
        }),
      ),
    staleTime: 10_000,
  });
}

function useDatasetChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["datasets"] }),
        client.invalidateQueries({ queryKey: ["dataset"] }),
      ]),
  });
}

export function useRegisterDataset() {
  return useDatasetChange((body: Schemas["NewDataset"]) => unwrap(api.POST("/api/v1/datasets", { body })));
}

export function useCheckDataset() {
  return useDatasetChange(({ name, version }: { name: string; version: number }) =>
    unwrap(api.POST("/api/v1/datasets/{name}/check", { params: { path: { name }, query: { version } } })),
  );
}

export function useDeleteDataset() {
  return useDatasetChange((name: string) =>
    unwrap(api.DELETE("/api/v1/datasets/{name}", { params: { path: { name } } })),
  );
}
