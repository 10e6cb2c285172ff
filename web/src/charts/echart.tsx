import type { ECElementEvent, ECharts, EChartsCoreOption } from "echarts/core";
import { useEffect, useRef, useState } from "react";

interface Props {
  /** What is seen, in words, for those who do not see it. */
  label: string;
  option: EChartsCoreOption;
  height?: number;
  onPick?: (event: ECElementEvent) => void;
  onHover?: (event: ECElementEvent | null) => void;
}

/** A chart on a canvas. The library is loaded when the first one is shown. */
export function EChart({ label, option, height = 260, onPick, onHover }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<ECharts | null>(null);
  const [problem, setProblem] = useState<unknown>(null);

  useEffect(() => {
    const element = host.current;
    let made: ECharts | undefined;
    let gone = false;
    import("./echarts").then(
      ({ init }) => {
        if (gone || !element) return;
        made = init(element, null, { renderer: "canvas" });
        setChart(made);
      },
      (error: unknown) => !gone && setProblem(error),
    );
    const observer = new ResizeObserver(() => made?.resize());
    if (element) observer.observe(element);
    return () => {
      gone = true;
      observer.disconnect();
      made?.dispose();
      setChart(null);
    };
  }, []);

  useEffect(() => {
    if (chart && !chart.isDisposed()) chart.setOption(option, { notMerge: true });
  }, [chart, option]);

  useEffect(() => {
    if (!chart || chart.isDisposed()) return;
    const pick = (event: ECElementEvent) => onPick?.(event);
    const enter = (event: ECElementEvent) => onHover?.(event);
    const leave = () => onHover?.(null);
    chart.on("click", pick);
    chart.on("mouseover", enter);
    chart.on("mouseout", leave);
    return () => {
      if (chart.isDisposed()) return;
      chart.off("click", pick);
      chart.off("mouseover", enter);
      chart.off("mouseout", leave);
    };
  }, [chart, onPick, onHover]);

  // Without the library there is no chart: the page's own error notice says so.
  if (problem) throw problem;
  return <div ref={host} className="echart" role="img" aria-label={label} style={{ height }} />;
}
