/** Which trial held resources when: one bar a trial, packed into as few lanes as ran side by side. */
import type { EChartsCoreOption } from "echarts/core";
import type { Trial } from "@/api/types";
import { axisOption, baseOption, type ChartTheme } from "@/charts/chart-theme";
import { formatDuration, formatNumber } from "@/lib/format";
import { sequentialColor } from "@/lib/palette";

export interface Bar {
  trial: Trial;
  lane: number;
  from: number;
  to: number;
}

/** Trials by their start, each in the first lane that is free again. */
export function barsOf(trials: readonly Trial[], now: number): Bar[] {
  const ends: number[] = [];
  return trials
    .map((trial) => ({
      trial,
      from: Date.parse(trial.started_at),
      to: trial.ended_at === null ? now : Date.parse(trial.ended_at),
    }))
    .sort((a, b) => a.from - b.from || a.trial.number - b.trial.number)
    .map((bar) => {
      const free = ends.findIndex((end) => end <= bar.from);
      const lane = free < 0 ? ends.length : free;
      ends[lane] = Math.max(bar.to, bar.from);
      return { ...bar, lane };
    });
}

/** The share of the time between the first start and the last end in which each lane was in use, 0 to 1. */
export function usedShare(bars: readonly Bar[]): number {
  if (bars.length === 0) return 0;
  const lanes = Math.max(...bars.map(({ lane }) => lane)) + 1;
  const from = Math.min(...bars.map((bar) => bar.from));
  const to = Math.max(...bars.map((bar) => bar.to));
  const used = bars.reduce((sum, bar) => sum + bar.to - bar.from, 0);
  return to > from ? used / (lanes * (to - from)) : 0;
}

interface Input {
  bars: readonly Bar[];
  sign: number;
  theme: ChartTheme;
  holds: "GPU" | "CPU";
}

interface RenderApi {
  value: (dimension: number) => number;
  coord: (point: [number, number]) => [number, number];
  size: (size: [number, number]) => [number, number];
  style: () => Record<string, unknown>;
}

export function timelineOption({ bars, sign, theme, holds }: Input): EChartsCoreOption {
  const found = bars.map(({ trial }) => trial.objective).filter((value) => value != null);
  const low = Math.min(...found);
  const span = Math.max(...found) - low || 1;
  const lanes = Math.max(0, ...bars.map(({ lane }) => lane)) + 1;
  const start = Math.min(...bars.map(({ from }) => from));
  const data = bars.map(({ trial, lane, from, to }) => {
    const share = trial.objective == null ? null : (trial.objective - low) / span;
    const quality = share === null ? null : sign > 0 ? share : 1 - share;
    return {
      value: [lane, (from - start) / 1000, (to - start) / 1000],
      id: String(trial.number),
      words: `trial ${trial.number}, ${trial.role}\n${trial.state}, ${formatDuration((to - from) / 1000)}${trial.objective == null ? "" : `, ${formatNumber(trial.objective)}`}`,
      itemStyle: {
        color: quality === null ? theme.faint : sequentialColor(quality, theme.dark),
        opacity: trial.state === "stopped" || trial.state === "failed" ? 0.5 : 1,
        borderColor: trial.state === "failed" ? theme.bad : theme.surface,
        borderWidth: 1,
      },
    };
  });
  return {
    ...baseOption(theme),
    grid: { left: 8, right: 20, top: 12, bottom: 8, containLabel: true },
    tooltip: {
      ...baseOption(theme).tooltip,
      formatter: (point: { data: { words: string } }) => point.data.words,
    },
    xAxis: axisOption(theme, {
      min: 0,
      max: Math.max(...bars.map(({ to }) => (to - start) / 1000)),
      format: formatDuration,
    }),
    yAxis: {
      ...axisOption(theme, {
        words: Array.from({ length: lanes }, (_, lane) => `${holds} slot ${lane + 1}`),
      }),
      inverse: true,
    },
    dataZoom: [{ type: "inside", xAxisIndex: 0, filterMode: "weakFilter", zoomOnMouseWheel: "ctrl" }],
    series: [{ type: "custom", renderItem: bar, encode: { x: [1, 2], y: 0 }, data, cursor: "pointer" }],
  };
}

function bar(_params: unknown, api: RenderApi) {
  const [lane, from, to] = [api.value(0), api.value(1), api.value(2)];
  const [x, middle] = api.coord([from, lane]);
  const [end] = api.coord([to, lane]);
  const height = Math.min(22, api.size([0, 1])[1] * 0.75);
  return {
    type: "rect",
    shape: { x, y: middle - height / 2, width: Math.max(2, end - x), height, r: 2 },
    style: api.style(),
  };
}
