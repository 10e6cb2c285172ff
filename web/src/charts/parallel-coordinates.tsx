import { type PointerEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { sequentialColor } from "@/lib/palette";
import type { AxisScale } from "./axis-scale";
import { BrushAxis } from "./brush-axis";
import { isInRanges, type Ranges } from "./brush";
import { type ChartTheme, useChartTheme } from "./chart-theme";
import { drawLines, type Line, nearestLine, type ParallelRow, placesOf } from "./parallel-lines";

interface Props {
  label: string;
  scales: readonly AxisScale[];
  rows: readonly ParallelRow[];
  ranges: Ranges;
  highlighted: number | null;
  onRanges: (ranges: Ranges) => void;
  onHighlight: (id: number | null) => void;
}

export const PARALLEL_PX = 300;
const HEIGHT = PARALLEL_PX;
const TOP = 44;
const BOTTOM = 16;
const LEFT = 20;
const RIGHT = 56;
const MIN_GAP = 130;

/**
 * One line a trial over all dimensions and the objective. Dragging along an axis keeps only what passes there. The
 * lines are on a canvas, so that a thousand of them stay smooth; the axes above it take pointer and keyboard.
 */
export function ParallelCoordinates(props: Props) {
  const { label, scales, rows, ranges, highlighted, onRanges, onHighlight } = props;
  const theme = useChartTheme();
  const frame = useRef<HTMLDivElement>(null);
  const base = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(800);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(
      ([entry]) => entry && setWidth(Math.max(scales.length * MIN_GAP, entry.contentRect.width)),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [scales.length]);

  const place = useMemo(() => {
    const gap = (width - LEFT - RIGHT) / Math.max(1, scales.length - 1);
    return {
      x: (axis: number) => LEFT + axis * gap,
      y: (share: number) => HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM),
    };
  }, [width, scales.length]);
  const lines = useMemo(() => linesOf(rows, scales, ranges, theme), [rows, scales, ranges, theme]);
  const size = useMemo(() => ({ width, height: HEIGHT }), [width]);
  useEffect(() => {
    if (base.current) drawLines(base.current, lines, place, size);
  }, [lines, place, size]);
  useEffect(() => {
    const marked = lines.filter((line) => line.id === highlighted);
    const bold = marked.map((line) => ({ ...line, width: 4, opacity: 1, color: theme.text }));
    if (over.current) drawLines(over.current, bold, place, size);
  }, [lines, highlighted, place, size, theme]);

  const spot = (event: PointerEvent) => {
    const box = frame.current?.firstElementChild?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  };
  const shareAt = (event: PointerEvent) =>
    Math.min(1, Math.max(0, (HEIGHT - BOTTOM - spot(event).y) / (HEIGHT - TOP - BOTTOM)));
  const inside = lines.filter((line) => !line.dimmed);
  return (
    <div className="parallel" ref={frame}>
      <div
        className="parallel-field"
        style={{ width, height: HEIGHT }}
        onPointerMove={(event) => {
          const next = nearestLine(inside, place, scales.length, spot(event));
          if (next !== highlighted) onHighlight(next);
        }}
        onPointerLeave={() => onHighlight(null)}
      >
        <canvas ref={base} aria-hidden="true" style={{ width, height: HEIGHT }} />
        <canvas ref={over} aria-hidden="true" style={{ width, height: HEIGHT }} />
        <svg width={width} height={HEIGHT} role="group" aria-label={label}>
          {scales.map((scale, index) => (
            <BrushAxis
              key={scale.axis.key}
              scale={scale}
              x={place.x(index)}
              y={place.y}
              labelY={index % 2 === 0 || width / scales.length > 280 ? 18 : 33}
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
    </div>
  );
}

interface TrialLine extends Line {
  dimmed: boolean;
}

/** What is outside of the ranges lies below, and the best lines lie on top. */
function linesOf(
  rows: readonly ParallelRow[],
  scales: readonly AxisScale[],
  ranges: Ranges,
  theme: ChartTheme,
): TrialLine[] {
  const many = rows.length > 150;
  return rows
    .map((row): TrialLine & { rank: number } => {
      const dimmed = !isInRanges(row.values, scales, ranges);
      const color = row.quality === null ? theme.muted : sequentialColor(row.quality, theme.dark);
      return {
        id: row.id,
        places: placesOf(row, scales),
        color: dimmed ? theme.faint : color,
        width: many ? 1.1 : 1.6,
        opacity: dimmed ? (many ? 0.12 : 0.3) : many ? 0.55 + 0.4 * (row.quality ?? 0) : 0.9,
        dashed: row.quality === null,
        dimmed,
        rank: (dimmed ? 0 : 10) + (row.quality ?? -1),
      };
    })
    .sort((a, b) => a.rank - b.rank);
}
