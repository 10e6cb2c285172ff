/** What a person typed for a trial of their own, as the API takes it. */
import type { Schemas } from "@/api/client";
import type { SweepSpec } from "@/api/types";

type Value = string | number | boolean;

/** Numbers as numbers, choices as the values that the space lists; what is empty is left out and so sampled. */
export function addedTrial(
  space: SweepSpec["space"],
  typed: Readonly<Record<string, string>>,
): Record<string, Value> {
  const found: Record<string, Value> = {};
  for (const [path, dimension] of Object.entries(space)) {
    const text = typed[path] ?? "";
    if (text === "") continue;
    if (dimension.kind === "choice")
      found[path] = dimension.values.find((value) => String(value) === text) ?? text;
    else found[path] = dimension.kind === "options" ? text : Number(text);
  }
  return found;
}

/** A request that asks for nothing besides what is given. */
export function steering(wish: Partial<Schemas["SteerRequest"]>): Schemas["SteerRequest"] {
  return { added_trials: [], more_trials: 0, more_wall_s: 0, more_gpu_hours: 0, end_search: false, ...wish };
}
