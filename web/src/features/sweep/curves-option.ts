/** Learning curves of all trials in one chart: the best stand out, the stopped are dimmed. */
import type { EChartsCoreOption } from "echarts/core";
import type { Trial } from "@/api/types";
import { axisOption, baseOption, type ChartTheme } from "@/charts/chart-theme";
import { formatNumber } from "@/lib/format";
import { sequentialColor, strokeFor } from "@/lib/palette";

export interface CurvesInput {
  trials: readonly Trial[];
  /** Name of the objective's metric. */
  name: string;
  sign: number;
  theme: ChartTheme;
}

/** The best first; trials without an objective last. */
export function byObjective(trials: readonly Trial[], sign: number): Trial[] {
  const rank = (trial: Trial) => (trial.objective == null ? -Infinity : sign * trial.objective);
  return [...trials].sort((a, b) => rank(b) - rank(a) || a.number - b.number);
}

export const NUM_NAMED = 3;

export function curvesOption({ trials, name, sign, theme }: CurvesInput): EChartsCoreOption {
  const ordered = byObjective(trials, sign).filter((trial) => trial.reports.length > 0);
  const count = ordered.length;
  const series = ordered.map((trial, place) => ({
    id: String(trial.number),
    name: `trial ${trial.number}`,
    type: "line" as const,
    showSymbol: trial.reports.length === 1,
    symbolSize: 5,
    triggerLineEvent: true,
    data: trial.reports.map(({ step, value }) => [step, value]),
    z: place < NUM_NAMED ? 10 : trial.state === "stopped" ? 1 : 5,
    lineStyle: lineStyle(trial, place, count, theme),
    itemStyle: { color: lineStyle(trial, place, count, theme).color },
    emphasis: { lineStyle: { width: 3, opacity: 1 } },
    labelLayout: { moveOverlap: "shiftY" as const },
    endLabel:
      place < NUM_NAMED
        ? { show: true, formatter: `${trial.number}`, color: theme.text, fontSize: 11, distance: 4 }
        : undefined,
  }));
  return {
    ...baseOption(theme),
    grid: { left: 8, right: 34, top: 28, bottom: 26, containLabel: true },
    tooltip: { show: false },
    xAxis: {
      ...axisOption(theme, { format: formatNumber }),
      min: 0,
      name: "step",
      nameLocation: "middle",
      nameGap: 24,
    },
    yAxis: axisOption(theme, { name, format: formatNumber }),
    dataZoom: [{ type: "inside", xAxisIndex: 0, zoomOnMouseWheel: "ctrl" }],
    series,
  };
}

function lineStyle(trial: Trial, place: number, count: number, theme: ChartTheme) {
  if (place < NUM_NAMED && trial.state !== "stopped") {
    const { color, dash } = strokeFor(place, theme.dark);
    return { color, type: dash.length > 0 ? dash : ("solid" as const), width: 2.4, opacity: 1 };
  }
  if (trial.state === "stopped" || trial.state === "failed")
    return { color: theme.muted, type: [4, 3], width: 1, opacity: 0.28 };
  const share = count > 1 ? 1 - place / (count - 1) : 1;
  return { color: sequentialColor(share, theme.dark), type: "solid" as const, width: 1.2, opacity: 0.7 };
}
