import { type PointerEvent, useLayoutEffect, useRef, useState } from "react";
import { sequentialColor } from "@/lib/palette";
import { useIsDark } from "@/lib/theme";
import type { AxisScale, AxisValue } from "./axis-scale";
import { BrushAxis } from "./brush-axis";
import { isInRanges, type Ranges } from "./brush";

export interface ParallelRow {
  id: number;
  values: Readonly<Record<string, AxisValue | undefined>>;
  /** 0 (worst) to 1 (best); null where it is not known yet. */
  quality: number | null;
}

interface Props {
  label: string;
  scales: readonly AxisScale[];
  rows: readonly ParallelRow[];
  ranges: Ranges;
  highlighted: number | null;
  onRanges: (ranges: Ranges) => void;
  onHighlight: (id: number | null) => void;
}

const HEIGHT = 300;
const TOP = 44;
const BOTTOM = 16;
const LEFT = 20;
const RIGHT = 56;

/** One line a trial over all dimensions and the objective. Dragging along an axis keeps only what passes there. */
export function ParallelCoordinates(props: Props) {
  const { label, scales, rows, ranges, highlighted, onRanges, onHighlight } = props;
  const dark = useIsDark();
  const svg = useRef<SVGSVGElement>(null);
  const [width, setWidth] = useState(800);
  useLayoutEffect(() => {
    const element = svg.current?.parentElement;
    if (!element) return;
    const observer = new ResizeObserver(
      ([entry]) => entry && setWidth(Math.max(scales.length * 215, entry.contentRect.width)),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [scales.length]);

  const x = (index: number) => LEFT + (index * (width - LEFT - RIGHT)) / Math.max(1, scales.length - 1);
  const y = (share: number) => HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  const path = (row: ParallelRow) =>
    scales
      .map((scale, index) => ({ index, at: scale.place(row.values[scale.axis.key]) }))
      .filter((spot): spot is { index: number; at: number } => spot.at !== null)
      .map(({ index, at }, order) => `${order === 0 ? "M" : "L"}${x(index).toFixed(1)} ${y(at).toFixed(1)}`)
      .join("");
  // The best lines are drawn last, above the others.
  const ordered = [...rows].sort((a, b) => (a.quality ?? -1) - (b.quality ?? -1));
  const shareAt = (event: PointerEvent) => {
    const top = svg.current?.getBoundingClientRect().top ?? 0;
    return Math.min(1, Math.max(0, (HEIGHT - BOTTOM - (event.clientY - top)) / (HEIGHT - TOP - BOTTOM)));
  };
  return (
    <div className="parallel">
      <svg ref={svg} width={width} height={HEIGHT} role="group" aria-label={label}>
        {ordered.map((row) => {
          const inside = isInRanges(row.values, scales, ranges);
          const marked = row.id === highlighted;
          return (
            <path
              key={row.id}
              d={path(row)}
              className={inside ? "parallel-line" : "parallel-line outside"}
              stroke={
                inside
                  ? row.quality === null
                    ? "var(--text-3)"
                    : sequentialColor(row.quality, dark)
                  : "var(--line-strong)"
              }
              strokeWidth={marked ? 3.5 : 1.6}
              strokeDasharray={row.quality === null ? "3 3" : undefined}
              onPointerEnter={() => onHighlight(row.id)}
              onPointerLeave={() => onHighlight(null)}
            />
          );
        })}
        {scales.map((scale, index) => (
          <BrushAxis
            key={scale.axis.key}
            scale={scale}
            x={x(index)}
            y={y}
            labelY={18}
            anchor={index === 0 ? "start" : index === scales.length - 1 ? "end" : "middle"}
            range={ranges[scale.axis.key]}
            shareAt={shareAt}
            onRange={(range) => {
              const next = Object.fromEntries(
                Object.entries(ranges).filter(([key]) => key !== scale.axis.key),
              );
              onRanges(range ? { ...next, [scale.axis.key]: range } : next);
            }}
          />
        ))}
      </svg>
    </div>
  );
}
