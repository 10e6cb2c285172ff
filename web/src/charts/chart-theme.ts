/** The page's colours as charts on a canvas need them, and the parts that all charts share. */
import { useMemo } from "react";
import { useIsDark } from "@/lib/theme";

export interface ChartTheme {
  dark: boolean;
  text: string;
  muted: string;
  faint: string;
  line: string;
  surface: string;
  good: string;
  bad: string;
  accent: string;
}

const FONT = "ui-sans-serif, system-ui, sans-serif";

export function useChartTheme(): ChartTheme {
  const dark = useIsDark();
  return useMemo(() => readTheme(dark), [dark]);
}

function readTheme(dark: boolean): ChartTheme {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise;
  return {
    dark,
    text: read("--text", "#222"),
    muted: read("--text-2", "#555"),
    faint: read("--line-strong", "#bbb"),
    line: read("--line", "#ddd"),
    surface: read("--surface", "#fff"),
    good: read("--good", "#065"),
    bad: read("--bad", "#a30"),
    accent: read("--accent", "#05a"),
  };
}

/** What every chart starts from. Tooltips are drawn on the canvas: nothing is written into the page. */
export function baseOption(theme: ChartTheme) {
  return {
    animation: false,
    textStyle: { fontFamily: FONT, color: theme.muted, fontSize: 11 },
    grid: { left: 8, right: 16, top: 28, bottom: 8, containLabel: true },
    tooltip: {
      renderMode: "richText" as const,
      confine: true,
      backgroundColor: theme.surface,
      borderColor: theme.faint,
      textStyle: { color: theme.text, fontSize: 12, fontFamily: FONT },
    },
  };
}

interface AxisOptions {
  name?: string;
  log?: boolean;
  /** Categories instead of numbers. */
  words?: readonly string[];
  format?: (value: number) => string;
  min?: number;
  max?: number;
}

export function axisOption(theme: ChartTheme, { name, log, words, format, min, max }: AxisOptions) {
  return {
    type: words ? ("category" as const) : log ? ("log" as const) : ("value" as const),
    name,
    nameTextStyle: { color: theme.muted, fontSize: 11, align: "left" as const },
    scale: true,
    min,
    max,
    data: words ? [...words] : undefined,
    axisLine: { show: true, lineStyle: { color: theme.faint } },
    axisTick: { show: false },
    axisLabel: { color: theme.muted, fontSize: 11, hideOverlap: true, formatter: format },
    splitLine: { show: !words, lineStyle: { color: theme.line } },
  };
}
