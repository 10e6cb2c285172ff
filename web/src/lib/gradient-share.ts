/** How the terms of a loss share the pull at the student, and whether one is dead or drowns the others. */
import type { MetricSeries } from "@/api/types";
import { formatNumber } from "./format";

const NORM = "diagnostics/gradient_norm/";
const COSINE = "diagnostics/gradient_cosine/";
// Shares over the last looks that are worth a warning.
const DEAD = 0.01;
const DROWNS = 0.9;
const LOOKS = 3;

export interface TermShare {
  term: string;
  /** Share of the sum of all gradient norms, in percent. */
  points: { step: number; value: number }[];
}

export interface Warning {
  term: string;
  text: string;
}

export function gradientShares(series: readonly MetricSeries[]): TermShare[] {
  const norms = series.filter(({ key }) => key.startsWith(NORM));
  const sums = new Map<number, number>();
  for (const { points } of norms)
    for (const { step, value } of points) sums.set(step, (sums.get(step) ?? 0) + (value ?? 0));
  return norms.map(({ key, points }) => ({
    term: key.slice(NORM.length),
    points: points.flatMap(({ step, value }) => {
      const sum = sums.get(step) ?? 0;
      return value == null || sum === 0 ? [] : [{ step, value: (100 * value) / sum }];
    }),
  }));
}

/** Terms whose weight should be looked at, in words. */
export function shareWarnings(shares: readonly TermShare[]): Warning[] {
  if (shares.length < 2) return [];
  return shares.flatMap(({ term, points }) => {
    const last = points.slice(-LOOKS);
    if (last.length === 0) return [];
    const mean = last.reduce((sum, { value }) => sum + value, 0) / last.length / 100;
    const name = term.replaceAll("_", " ");
    const share = `${formatNumber(Number((100 * mean).toPrecision(3)))} % of the gradient`;
    if (mean < DEAD)
      return [
        {
          term,
          text: `The term “${name}” is as good as dead: it makes ${share}. Raise its weight, or leave it out.`,
        },
      ];
    if (mean > DROWNS)
      return [{ term, text: `The term “${name}” drowns the others: it makes ${share}. Lower its weight.` }];
    return [];
  });
}

/** Cosines of pairs of terms: below 0 they pull against each other. */
export function gradientCosines(series: readonly MetricSeries[]): MetricSeries[] {
  return series
    .filter(({ key }) => key.startsWith(COSINE))
    .map(({ key, points }) => ({
      key: key.slice(COSINE.length).replace("/", " and ").replaceAll("_", " "),
      points,
    }));
}

type Points = readonly { step: number; value?: number | null }[];

/**
 * How much of the way from the baseline to the teacher the student has gone, in percent. Each evaluation is held
 * against the baseline's AP at the same step, so that a student that has only begun is not behind for that alone.
 */
export function gapClosed(
  ap: MetricSeries | undefined,
  teacher: number | null | undefined,
  baseline: Points,
): { step: number; value: number }[] {
  if (!ap || teacher == null) return [];
  return ap.points.flatMap(({ step, value }) => {
    const other = valueAtStep(baseline, step);
    if (value == null || other === null || teacher <= other) return [];
    return [{ step, value: (100 * (value - other)) / (teacher - other) }];
  });
}

/** On the straight line between the points beside `step`; the last value beyond the end, null before the start. */
export function valueAtStep(points: Points, step: number): number | null {
  const known = points.flatMap(({ step: at, value }) => (value == null ? [] : [{ at, value }]));
  const after = known.findIndex(({ at }) => at >= step);
  const next = known[after];
  if (!next) return known.at(-1)?.value ?? null;
  if (next.at === step) return next.value;
  const before = known[after - 1];
  if (!before) return null;
  return before.value + ((next.value - before.value) * (step - before.at)) / (next.at - before.at);
}
