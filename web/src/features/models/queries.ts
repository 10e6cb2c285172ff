/** Queries and changes of models: teachers and students. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";

export type Model = Schemas["Model"];
export type ModelSummary = Schemas["ModelSummary"];
export type ModelVersion = Schemas["ModelVersion"];
export type ModelEvent = Schemas["ModelEvent"];
export type Lineage = Schemas["Lineage"];

export interface ModelFilter {
  project?: string;
  text?: string;
}

const WHILE_CHECKING_MS = 1_500;

export function modelsQuery(filter: ModelFilter) {
  return infiniteQueryOptions({
    queryKey: ["models", filter],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/v1/models", { params: { query: { ...filter, limit: 50, cursor: pageParam } }, signal }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
    refetchInterval: (query) => {
      const items = query.state.data?.pages.flatMap((page) => page.items) ?? [];
      return items.some((item) => item.version.state === "checking") ? WHILE_CHECKING_MS : 15_000;
    },
  });
}

export function modelQuery(name: string, version: number | undefined) {
  return queryOptions({
    queryKey: ["model", name, version],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/models/{name}", { params: { path: { name }, query: { version } }, signal })),
    refetchInterval: (query) => (query.state.data?.version.state === "checking" ? WHILE_CHECKING_MS : 15_000),
  });
}

export function modelLineageQuery(name: string, version: number) {
  return queryOptions({
    queryKey: ["model", name, "lineage", version],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/models/{name}/lineage", { params: { path: { name }, query: { version } }, signal }),
      ),
    staleTime: 10_000,
  });
}

export function modelEventsQuery(name: string) {
  return queryOptions({
    queryKey: ["model", name, "events"],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/models/{name}/events", {
          params: { path: { name }, query: { limit: 200 } },
          signal,
        }),
      ),
  });
}

function useModelChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["models"] }),
        client.invalidateQueries({ queryKey: ["model"] }),
      ]),
  });
}

export function useRegisterModel() {
  return useModelChange((body: Schemas["NewModel"]) => unwrap(api.POST("/api/v1/models", { body })));
}

export interface Upload {
  name: string;
  project: string;
  description: string;
  evaluate_on: string | null;
  file: File;
}

/** Send a weights file as it is; the server writes it down while it arrives. */
export function useUploadModel() {
  return useModelChange(({ name, file, ...query }: Upload) =>
    unwrap(
      api.POST("/api/v1/models/{name}/upload", {
        params: { path: { name }, query },
        body: "", // the schema calls the bytes a string; the serializer sends the file itself
        bodySerializer: () => file,
        headers: { "Content-Type": "application/octet-stream" },
      }),
    ),
  );
}

export function useCheckModel() {
  return useModelChange(({ name, version }: { name: string; version: number }) =>
    unwrap(api.POST("/api/v1/models/{name}/check", { params: { path: { name }, query: { version } } })),
  );
}

export function useDeleteModel() {
  return useModelChange((name: string) =>
    unwrap(api.DELETE("/api/v1/models/{name}", { params: { path: { name } } })),
  );
}

export function usePromote() {
  return useModelChange(({ name, promotion }: { name: string; promotion: Schemas["Promotion"] }) =>
    unwrap(api.POST("/api/v1/models/{name}/promote", { params: { path: { name } }, body: promotion })),
  );
}

export function useRollBack() {
  return useModelChange(({ name, alias }: { name: string; alias: string }) =>
    unwrap(
      api.POST("/api/v1/models/{name}/rollback", { params: { path: { name } }, body: { alias, note: "" } }),
    ),
  );
}

export function useDemote() {
  return useModelChange(({ name, alias }: { name: string; alias: string }) =>
    unwrap(api.DELETE("/api/v1/models/{name}/aliases/{alias}", { params: { path: { name, alias } } })),
  );
}
