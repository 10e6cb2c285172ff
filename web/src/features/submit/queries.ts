import { keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, type FieldError, ProblemError, type Schemas, unwrap } from "@/api/client";

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

export interface Verdict {
  errors: readonly FieldError[];
  /** What the server would say, in a few words. */
  text: string;
}

const PAUSE_MS = 400;

/** What the server would say of a spec, asked after a pause in typing. */
export function useCheck(spec: unknown, enabled: boolean): Verdict {
  const [asked, setAsked] = useState(spec);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(spec), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [spec]);
  const { data, error, isFetching } = useQuery({
    queryKey: ["check", asked],
    queryFn: ({ signal }) => checkSpec(asked, signal),
    enabled,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  if (!enabled) return { errors: [], text: "" };
  const errors = data?.errors ?? [];
  if (isFetching || asked !== spec) return { errors, text: "Checking…" };
  return { errors, text: error ? `Not checked: ${error.message}` : (data?.text ?? "") };
}

async function checkSpec(spec: unknown, signal: AbortSignal): Promise<Verdict> {
  try {
    await ((spec as { kind?: unknown }).kind === "sweep"
      ? unwrap(api.POST("/api/v1/sweeps/check", { body: spec as Schemas["SweepSpec"], signal }))
      : unwrap(api.POST("/api/v1/jobs/check", { body: spec as Schemas["JobSpec"], signal })));
    return { errors: [], text: "Checked: the server would take it" };
  } catch (error) {
    if (!(error instanceof ProblemError) || error.isOutage || error.status === 401) throw error;
    const num = error.errors.length;
    const [first] = error.errors;
    if (!first) return { errors: [], text: `The server would refuse it: ${error.message}` };
    return {
      errors: error.errors,
      text: `${num === 1 ? "1 field is" : `${num} fields are`} not right yet: ${first.field}`,
    };
  }
}

export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
