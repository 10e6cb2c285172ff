/** Two objectives against each other: the trials that no other beats in both form the front. */
import type { EChartsCoreOption } from "echarts/core";
import type { Answers, Trial } from "@/api/types";
import { axisOption, baseOption, type ChartTheme } from "@/charts/chart-theme";
import { formatNumber } from "@/lib/format";

export interface ParetoInput {
  trials: readonly Trial[];
  answers: Answers;
  /** Index of the objective on the x axis, from 1; the first is on the y axis. */
  other: number;
  theme: ChartTheme;
}

/** The value of a trial in an objective, by the objective's index. */
export function valueIn(trial: Trial, objective: number): number | null {
  return objective === 0 ? trial.objective : (trial.further_objectives[objective - 1] ?? null);
}

export function paretoOption({ trials, answers, other, theme }: ParetoInput): EChartsCoreOption {
  const onFront = new Set(answers.front.map(({ trial }) => trial));
  const points = trials.flatMap((trial) => {
    const [x, y] = [valueIn(trial, other), valueIn(trial, 0)];
    if (x === null || y === null) return [];
    const front = onFront.has(trial.number);
    return [
      {
        value: [x, y],
        id: String(trial.number),
        symbol: front ? "diamond" : "circle",
        symbolSize: front ? 13 : 7,
        itemStyle: { color: front ? theme.accent : theme.muted, opacity: front ? 1 : 0.45 },
      },
    ];
  });
  const front = answers.front
    .map(({ values }) => [values[other], values[0]])
    .filter((point): point is [number, number] => point.every((value) => value !== undefined))
    .sort((a, b) => a[0] - b[0]);
  const names = answers.objectives.map(({ metric, direction }) => `${metric} (${direction})`);
  return {
    ...baseOption(theme),
    grid: { left: 8, right: 24, top: 28, bottom: 26, containLabel: true },
    tooltip: {
      ...baseOption(theme).tooltip,
      formatter: (point: { data: { id?: string; value?: [number, number] } }) =>
        point.data.value
          ? `trial ${point.data.id ?? ""}\n${names[0] ?? ""}: ${formatNumber(point.data.value[1])}\n${names[other] ?? ""}: ${formatNumber(point.data.value[0])}`
          : "",
    },
    xAxis: {
      ...axisOption(theme, { name: names[other], format: formatNumber }),
      nameLocation: "middle",
      nameGap: 26,
    },
    yAxis: axisOption(theme, { name: names[0], format: formatNumber }),
    series: [
      {
        type: "line",
        data: front,
        step: "end",
        silent: true,
        showSymbol: false,
        lineStyle: { color: theme.accent, width: 1.5, type: [6, 4] },
      },
      { type: "scatter", data: points, cursor: "pointer" },
    ],
  };
}
