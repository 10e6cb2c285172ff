import { keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, type FieldError, ProblemError, type Schemas, unwrap } from "@/api/client";

export const recipesQuery = queryOptions({
  queryKey: ["recipes"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/recipes", { signal })),
  staleTime: 300_000,
});

export const clusterQuery = queryOptions({
  queryKey: ["cluster"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/cluster", { signal })),
  staleTime: 10_000,
});

interface Reference {
  name: string;
  version?: number;
  alias?: string;
}

/** A data set that a spec names; null where there is none of this name. */
export function namedDatasetQuery(reference: Reference | null) {
  const { name = "", version } = reference ?? {};
  return queryOptions({
    queryKey: ["dataset", name, version, "named"],
    queryFn: ({ signal }) =>
      orNull(
        unwrap(
          api.GET("/api/v1/datasets/{name}", { params: { path: { name }, query: { version } }, signal }),
        ),
      ),
    enabled: isName(name),
    staleTime: 30_000,
  });
}

/** A model that a spec names, by version or alias; null where there is none. */
export function namedModelQuery(reference: Reference | null) {
  const { name = "", version, alias } = reference ?? {};
  return queryOptions({
    queryKey: ["model", name, version ?? alias, "named"],
    queryFn: async ({ signal }) => {
      const read = (of: number | undefined) =>
        orNull(
          unwrap(
            api.GET("/api/v1/models/{name}", { params: { path: { name }, query: { version: of } }, signal }),
          ),
        );
      const found = await read(version);
      if (found === null || alias === undefined) return found;
      const meant = found.aliases[alias];
      return meant === undefined ? null : read(meant);
    },
    enabled: isName(name),
    staleTime: 30_000,
  });
}

/** Names of what is registered and ready, to choose from. */
export const namesQuery = queryOptions({
  queryKey: ["names"],
  queryFn: async ({ signal }) => {
    const query = { limit: 100 };
    const [datasets, models] = await Promise.all([
      unwrap(api.GET("/api/v1/datasets", { params: { query }, signal })),
      unwrap(api.GET("/api/v1/models", { params: { query }, signal })),
    ]);
    return {
      datasets: datasets.items.map(({ name, version }) => `${name}@${version}`),
      models: models.items.map(({ name, version }) => `${name}@${version.version}`),
    };
  },
  staleTime: 30_000,
});

// What is still being typed is not asked for.
const isName = (name: string) => /^[a-z0-9][a-z0-9._-]{0,63}$/.test(name);

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return null;
    throw error;
  }
}

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
