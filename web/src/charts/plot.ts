/** Builds a uPlot chart in the page's colours. */
import uPlot from "uplot";
import { formatNumber } from "@/lib/format";
import { strokeFor } from "@/lib/palette";
import type { Curve } from "./align";

interface Options {
  element: HTMLElement;
  curves: readonly Curve[];
  data: uPlot.AlignedData;
  yLog: boolean;
  dark: boolean;
  height: number;
  xLabel: string;
  syncKey: string | undefined;
  onCursor: (index: number | null) => void;
}

// The enum of uPlot has no values at run time.
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
const LOGARITHMIC: uPlot.Scale = { distr: 3 };

// Curves of so few points bear a mark at each.
const FEW_POINTS = 12;

export function buildPlot(options: Options): uPlot {
  const { element, curves, data, yLog, dark, height, syncKey } = options;
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue("--text-2").trim() || "#666";
  const grid = { stroke: style.getPropertyValue("--line").trim() || "#ddd", width: 1 };
  const font = "11px ui-sans-serif, system-ui, sans-serif";
  const axis: uPlot.Axis = { stroke: ink, font, grid, ticks: { show: false }, gap: 6 };
  return new uPlot(
    {
      width: Math.max(120, element.clientWidth),
      height,
      padding: [10, 10, 0, 0],
      legend: { show: false },
      scales: { x: { time: false }, y: yLog ? LOGARITHMIC : { range: paddedRange } },
      cursor: {
        y: false,
        drag: { x: true, y: false },
        points: { size: 7 },
        ...(syncKey ? { sync: { key: syncKey, setSeries: false } } : {}),
      },
      axes: [
        { ...axis, size: 28, values: (_plot, ticks) => ticks.map(compact) },
        {
          ...axis,
          size: 52,
          values: (_plot, ticks) =>
            ticks.map((tick) => ((tick as number | null) === null ? "" : formatNumber(tick))),
        },
      ],
      series: [{}, ...curves.map((curve, index) => seriesOf(curve, index, dark, ink))],
      hooks: { setCursor: [(plot) => options.onCursor(plot.cursor.idx ?? null)] },
    },
    data,
    element,
  );
}

function seriesOf(curve: Curve, index: number, dark: boolean, ink: string): uPlot.Series {
  const { color, dash } = strokeFor(curve.color ?? index, dark, index);
  switch (curve.style) {
    case "reference":
      return { stroke: color, width: 1.25, dash: [12, 5], points: { show: false }, spanGaps: true };
    case "points":
      return {
        stroke: ink,
        width: 0,
        paths: () => null,
        points: { show: true, size: 6, fill: color, stroke: color },
      };
    case "steps":
      return {
        stroke: color,
        width: 2,
        paths: uPlot.paths.stepped?.({ align: 1 }),
        points: { show: false },
        spanGaps: true,
      };
    default:
      return {
        stroke: color,
        width: 1.75,
        dash,
        spanGaps: true,
        // asked at each drawing: the points of a curve may come after the chart was built
        points: { show: (plot, series) => (plot.data[series]?.length ?? 0) < FEW_POINTS, size: 5 },
      };
  }
}

function paddedRange(_plot: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax {
  if (low === null || high === null) return [0, 1];
  if (low === high)
    return [low - Math.max(0.5, Math.abs(low) * 0.1), high + Math.max(0.5, Math.abs(high) * 0.1)];
  const pad = (high - low) * 0.06;
  return [low >= 0 && low - pad < 0 ? 0 : low - pad, high + pad];
}

function compact(value: number): string {
  return Math.abs(value) >= 10_000
    ? `${Number((value / 1000).toPrecision(4))}k`
    : String(Number(value.toPrecision(6)));
}
