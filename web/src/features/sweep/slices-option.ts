/** One dimension against the objective: where the good values lie. */
import type { EChartsCoreOption } from "echarts/core";
import type { Dimension, Trial } from "@/api/types";
import { axisOption, baseOption, type ChartTheme } from "@/charts/chart-theme";
import { formatNumber, formatValue } from "@/lib/format";
import { sequentialColor } from "@/lib/palette";

export interface SliceInput {
  path: string;
  dimension: Dimension;
  trials: readonly Trial[];
  best: number | null;
  name: string;
  theme: ChartTheme;
}

/** The words of a dimension of choices, in order; undefined of numbers. */
export function choicesOf(dimension: Dimension): string[] | undefined {
  if (dimension.kind === "choice") return dimension.values.map(formatValue);
  if (dimension.kind === "options") return dimension.options.map(({ label }) => label);
  return undefined;
}

export function sliceOption({ path, dimension, trials, best, name, theme }: SliceInput): EChartsCoreOption {
  const words = choicesOf(dimension);
  const last = Math.max(1, ...trials.map(({ number }) => number));
  const points = trials.flatMap((trial) => {
    const value = trial.parameters[path];
    if (trial.objective == null || value == null || typeof value === "object") return [];
    const winner = trial.number === best;
    const stopped = trial.state === "stopped";
    const color = sequentialColor(trial.number / last, theme.dark);
    return [
      {
        value: [words ? formatValue(value) : value, trial.objective],
        id: String(trial.number),
        symbol: winner ? "diamond" : stopped ? "emptyCircle" : "circle",
        symbolSize: winner ? 15 : 7,
        itemStyle: winner
          ? { color: theme.bad, borderColor: theme.surface, borderWidth: 1.5 }
          : { color, opacity: stopped ? 0.6 : 0.9 },
      },
    ];
  });
  const log = !words && "log" in dimension && dimension.log;
  return {
    ...baseOption(theme),
    tooltip: {
      ...baseOption(theme).tooltip,
      formatter: (point: { data: { id: string; value: [unknown, number] } }) =>
        `trial ${point.data.id}\n${formatValue(point.data.value[0])}: ${formatNumber(point.data.value[1])} ${name}`,
    },
    xAxis: {
      ...axisOption(theme, { words, log, format: words ? undefined : formatNumber }),
      ...("low" in dimension ? { min: dimension.low, max: dimension.high } : {}),
    },
    yAxis: axisOption(theme, { name, format: formatNumber }),
    series: [{ type: "scatter", data: points, large: false, cursor: "pointer" }],
  };
}
