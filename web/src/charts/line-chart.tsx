import { useEffect, useMemo, useRef, useState } from "react";
import type uPlot from "uplot";
import { formatNumber } from "@/lib/format";
import { type Stroke, strokeFor } from "@/lib/palette";
import { useIsDark } from "@/lib/theme";
import { alignSeries, type Curve } from "./align";
import { buildPlot } from "./plot";

interface Props {
  label: string;
  curves: readonly Curve[];
  xLabel?: string;
  yLog?: boolean;
  smoothing?: number;
  /** Charts with the same key share their cursor. */
  syncKey?: string;
  height?: number;
  digits?: (value: number | null | undefined) => string;
  hideLegend?: boolean;
}

/** Curves over steps, with a legend whose entries hide and show them and follow the cursor. */
export function LineChart(props: Props) {
  const { label, curves, xLabel = "step", yLog = false, smoothing = 0, syncKey, height = 220 } = props;
  const digits = props.digits ?? formatNumber;
  const dark = useIsDark();
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [cursor, setCursor] = useState<number | null>(null);
  const data = useMemo(() => alignSeries(curves, { smoothing, yLog }), [curves, smoothing, yLog]);
  const latest = useRef(data);
  // The plot is made anew only when its make-up changes; new points are put into the present one.
  const shape = JSON.stringify([
    curves.map(({ key, style, color }) => [key, style, color]),
    yLog,
    dark,
    height,
    syncKey,
  ]);

  useEffect(() => {
    latest.current = data;
    plot.current?.setData(data);
  }, [data]);

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const made = buildPlot({
      element,
      curves,
      data: latest.current,
      yLog,
      dark,
      height,
      xLabel,
      syncKey,
      onCursor: setCursor,
    });
    plot.current = made;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) made.setSize({ width: Math.max(120, entry.contentRect.width), height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
    // `shape` stands for everything of `curves` that the plot is built from.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [shape]);

  useEffect(() => {
    curves.forEach((curve, index) => {
      const series = plot.current?.series[index + 1];
      if (series && series.show !== !hidden.has(curve.key)) {
        plot.current?.setSeries(index + 1, { show: !hidden.has(curve.key) });
      }
    });
  }, [hidden, curves, shape]);

  const toggle = (key: string) => {
    const next = new Set(hidden);
    if (!next.delete(key)) next.add(key);
    setHidden(next);
  };
  const shown = (index: number) => valueAt(data[index + 1], cursor);
  return (
    <figure className="chart">
      <div
        ref={host}
        role="img"
        aria-label={`${label}: ${curves.map((curve, index) => `${curve.name} ${digits(shown(index))}`).join(", ")}`}
      />
      {!props.hideLegend && (
        <figcaption className="legend">
          {cursor !== null && (
            <span className="legend-x num">{`${xLabel} ${formatNumber(data[0][cursor])}`}</span>
          )}
          {curves.map((curve, index) => {
            const stroke = strokeFor(curve.color ?? index, dark, index);
            return (
              <button
                key={curve.key}
                type="button"
                className="legend-item"
                aria-pressed={!hidden.has(curve.key)}
                onClick={() => toggle(curve.key)}
              >
                <LegendMark curve={curve} stroke={stroke} />
                {curve.name} <span className="num strong">{digits(shown(index))}</span>
              </button>
            );
          })}
        </figcaption>
      )}
    </figure>
  );
}

function LegendMark({ curve, stroke }: { curve: Curve; stroke: Stroke }) {
  const dash = curve.style === "reference" ? [12, 5] : stroke.dash;
  return (
    <svg width="18" height="8" aria-hidden="true">
      {curve.style === "points" ? (
        <circle cx="9" cy="4" r="3.5" fill={stroke.color} />
      ) : (
        <line
          x1="0"
          y1="4"
          x2="18"
          y2="4"
          stroke={stroke.color}
          strokeWidth="2.5"
          strokeDasharray={dash.join(" ")}
        />
      )}
    </svg>
  );
}

/** The value under the cursor, or the last one there is. */
function valueAt(values: ArrayLike<number | null | undefined> | undefined, cursor: number | null) {
  if (!values) return null;
  for (let at = cursor ?? values.length - 1; at >= 0; at -= 1) {
    const value = values[at];
    if (value != null) return value;
  }
  return null;
}
