/** The state of a sweep's page that is in its address. */
import type { Ranges } from "@/charts/brush";

export const PLOTS = ["curves", "slices", "pareto", "timeline"] as const;
export type Plot = (typeof PLOTS)[number];

export interface SweepView {
  brush?: Ranges;
  sort?: string;
  desc?: boolean;
  plot?: Plot;
  /** Index of the objective on the x axis of the Pareto plot. */
  other?: number;
}

export function readPlot(search: Readonly<Record<string, unknown>>): Pick<SweepView, "plot" | "other"> {
  const { plot, other } = search;
  return {
    plot: PLOTS.find((each) => each === plot),
    other: typeof other === "number" && Number.isInteger(other) && other > 0 ? other : undefined,
  };
}
