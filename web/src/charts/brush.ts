/** Ranges picked on the axes of a parallel-coordinates plot, as shares of each axis. */
import type { AxisScale, AxisValue } from "./axis-scale";

export type Ranges = Readonly<Record<string, readonly [number, number]>>;

const SLACK = 1e-6;

export function isInRanges(
  values: Readonly<Record<string, AxisValue | undefined>>,
  scales: readonly AxisScale[],
  ranges: Ranges,
): boolean {
  return scales.every(({ axis, place }) => {
    const range = ranges[axis.key];
    if (!range) return true;
    const at = place(values[axis.key]);
    return at !== null && at >= range[0] - SLACK && at <= range[1] + SLACK;
  });
}
