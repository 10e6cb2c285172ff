/** Puts curves of different steps on one x axis, as uPlot wants them. */
import type uPlot from "uplot";
import { smooth } from "@/lib/smooth";

export interface Curve {
  key: string;
  name: string;
  points: readonly { step: number; value: number | null | undefined }[];
  /** Place in the palette; its own place in the list where none is given. */
  color?: number;
  style?: "line" | "points" | "steps" | "reference";
}

interface Options {
  smoothing: number;
  yLog: boolean;
}

export function alignSeries(curves: readonly Curve[], { smoothing, yLog }: Options): uPlot.AlignedData {
  const steps = new Set<number>();
  for (const curve of curves) for (const point of curve.points) steps.add(point.step);
  const x = [...steps].sort((a, b) => a - b);
  const rows = curves.map((curve) => {
    const byStep = new Map(curve.points.map((point) => [point.step, point.value]));
    if (curve.style === "reference") {
      const level = curve.points.at(-1)?.value ?? null;
      return x.map(() => level);
    }
    const values = x.map((step) => {
      const value = byStep.get(step);
      return value == null || (yLog && value <= 0) ? null : value;
    });
    return curve.style === "points" ? values : smooth(values, smoothing);
  });
  return [x, ...rows];
}
