import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";

export const recipesQuery = queryOptions({
  queryKey: ["recipes"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/recipes", { signal })),
  staleTime: 300_000,
});

interface Order {
  spec: unknown;
  /** The same key makes one job of it, however often it is sent. */
  idempotencyKey: string;
}

/** Send a spec. The server alone judges it, so it goes as it was written. */
export function useSubmit() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ spec, idempotencyKey }: Order) => {
      const params = { header: { "Idempotency-Key": idempotencyKey } };
      return (spec as { kind?: unknown }).kind === "sweep"
        ? unwrap(api.POST("/api/v1/sweeps", { params, body: spec as Schemas["SweepSpec"] }))
        : unwrap(api.POST("/api/v1/jobs", { params, body: spec as Schemas["JobSpec"] }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["jobs"] }),
  });
}

export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
