/** What is read off the trials of a sweep: axes, the best, its history. */
import type { SweepSpec, Trial } from "@/api/types";
import { type Axis, type AxisScale, type AxisValue, makeScale } from "@/charts/axis-scale";
import type { ParallelRow } from "@/charts/parallel-lines";
import { shortPath } from "@/lib/format";

export const OBJECTIVE = "objective";

export function objectiveOf(spec: SweepSpec) {
  const { metric, direction } = spec.objective;
  return { metric, name: metric.replace(/^val\//, ""), sign: direction === "maximize" ? 1 : -1 };
}

/** Trials of the search itself, without controls and repeats. */
export function searchedOf(trials: readonly Trial[]): Trial[] {
  return trials.filter(({ role }) => role !== "baseline" && role !== "finalist");
}

export function bestSoFar(trials: readonly Trial[], sign: number): { step: number; value: number }[] {
  let best = -Infinity;
  return trials.flatMap((trial) => {
    if (trial.objective == null) return [];
    best = Math.max(best, sign * trial.objective);
    return [{ step: trial.number, value: sign * best }];
  });
}

export function trialValues(trial: Trial): Record<string, AxisValue | undefined> {
  const values: Record<string, AxisValue | undefined> = { [OBJECTIVE]: trial.objective };
  for (const [path, value] of Object.entries(trial.parameters)) {
    if (value === null || typeof value !== "object") values[path] = value as AxisValue;
  }
  return values;
}

export function axesOf(spec: SweepSpec): Axis[] {
  const axes = Object.entries(spec.space).map(([key, dimension]): Axis => {
    const label = shortPath(key);
    if (dimension.kind === "choice") return { key, label, choices: dimension.values };
    if (dimension.kind === "options")
      return { key, label, choices: dimension.options.map((option) => option.label) };
    return { key, label, domain: [dimension.low, dimension.high], log: dimension.log };
  });
  return [...axes, { key: OBJECTIVE, label: objectiveOf(spec).name }];
}

export function scalesOf(spec: SweepSpec, trials: readonly Trial[]): AxisScale[] {
  return axesOf(spec).map((axis) =>
    makeScale(
      axis,
      trials.map((trial) => trialValues(trial)[axis.key]),
    ),
  );
}

export function parallelRows(trials: readonly Trial[], sign: number): ParallelRow[] {
  const found = trials.map((trial) => trial.objective).filter((value) => value != null);
  const low = Math.min(...found);
  const span = Math.max(...found) - low || 1;
  return trials.map((trial) => {
    const share = trial.objective == null ? null : (trial.objective - low) / span;
    return {
      id: trial.number,
      values: trialValues(trial),
      quality: share === null || sign > 0 ? share : 1 - share,
    };
  });
}
