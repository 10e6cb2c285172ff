/** A space that is cut down to what is brushed, for a sweep that searches on in there. */
import type { Dimension, SweepSpec } from "@/api/types";
import type { AxisScale } from "@/charts/axis-scale";
import type { Ranges } from "@/charts/brush";
import { OBJECTIVE } from "./trials";

type Range = readonly [number, number];

/** The dimensions that are brushed, each with its narrower bounds or choices. */
export function narrowedSpace(
  spec: Pick<SweepSpec, "space">,
  scales: readonly AxisScale[],
  ranges: Ranges,
): Record<string, Dimension> {
  const found: Record<string, Dimension> = {};
  for (const scale of scales) {
    const range = ranges[scale.axis.key];
    const dimension = spec.space[scale.axis.key];
    if (range && dimension && scale.axis.key !== OBJECTIVE)
      found[scale.axis.key] = narrowed(dimension, scale, range);
  }
  return found;
}

function narrowed(dimension: Dimension, scale: AxisScale, range: Range): Dimension {
  const inside = <T>(values: readonly T[]) => {
    const last = Math.max(1, values.length - 1);
    const kept = values.filter(
      (_, index) => index / last >= range[0] - 1e-6 && index / last <= range[1] + 1e-6,
    );
    return kept.length > 0 ? kept : [...values];
  };
  switch (dimension.kind) {
    case "choice":
      return { ...dimension, values: inside(dimension.values) };
    case "options":
      return { ...dimension, options: inside(dimension.options) };
    case "integer": {
      const low = Math.ceil(scale.invert(range[0]) - 1e-9);
      const high = Math.floor(scale.invert(range[1]) + 1e-9);
      return low < high ? { ...dimension, low, high } : dimension;
    }
    case "uniform": {
      const digits = (value: number) => Number(value.toPrecision(4));
      return { ...dimension, low: digits(scale.invert(range[0])), high: digits(scale.invert(range[1])) };
    }
  }
}

/** `weight: 10 to 300`. */
export function dimensionWords(dimension: Dimension): string {
  switch (dimension.kind) {
    case "choice":
      return dimension.values.map(String).join(", ");
    case "options":
      return dimension.options.map(({ label }) => label).join(", ");
    default:
      return `${dimension.low} to ${dimension.high}`;
  }
}
