import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { formatNumber } from "@/lib/format";
import type { AxisScale } from "./axis-scale";

interface Props {
  scale: AxisScale;
  x: number;
  y: (share: number) => number;
  labelY: number;
  anchor: "start" | "middle" | "end";
  range: readonly [number, number] | undefined;
  shareAt: (event: PointerEvent) => number;
  onRange: (range: readonly [number, number] | null) => void;
}

const STEP = 0.05;

/** An axis on which a range is picked by dragging, or with the arrow keys (Shift moves the upper end, Escape clears). */
export function BrushAxis({ scale, x, y, labelY, anchor, range, shareAt, onRange }: Props) {
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const shown = drag ? sorted(drag.from, drag.to) : range;
  const finish = () => {
    if (!drag) return;
    const [low, high] = sorted(drag.from, drag.to);
    setDrag(null);
    onRange(high - low < 0.015 ? null : [round(low), round(high)]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const move = event.key === "ArrowUp" ? STEP : event.key === "ArrowDown" ? -STEP : 0;
    if (event.key === "Escape") onRange(null);
    if (move === 0) return;
    event.preventDefault();
    const [low, high] = range ?? [0, 1];
    const next = event.shiftKey ? [low, clamp(high + move)] : [clamp(low + move), high];
    onRange(sorted(next[0] ?? 0, next[1] ?? 1));
  };
  const words = shown
    ? `${formatNumber(scale.invert(shown[0]))} to ${formatNumber(scale.invert(shown[1]))}`
    : "everything";
  return (
    <g className="brush-axis">
      <text x={x} y={labelY} textAnchor={anchor} className="axis-title">
        {scale.axis.label}
        {scale.axis.log && <tspan className="axis-log"> log</tspan>}
      </text>
      <line x1={x} x2={x} y1={y(0)} y2={y(1)} className="axis-line" />
      {scale.ticks.map((tick) => (
        <g key={tick.at}>
          <line x1={x - 3} x2={x + 3} y1={y(tick.at)} y2={y(tick.at)} className="axis-line" />
          <text x={x + 7} y={y(tick.at) + 3.5} className="axis-tick">
            {tick.text}
          </text>
        </g>
      ))}
      {shown && (
        <rect
          x={x - 8}
          width={16}
          y={y(shown[1])}
          height={Math.max(1, y(shown[0]) - y(shown[1]))}
          className="brush"
        />
      )}
      {/* A range on an axis has two ends; the slider's value is the lower one and its text says both. */}
      <rect
        x={x - 14}
        y={y(1) - 6}
        width={28}
        height={y(0) - y(1) + 12}
        className="brush-catch"
        role="slider"
        tabIndex={0}
        aria-label={`Range of ${scale.axis.label}`}
        aria-orientation="vertical"
        aria-valuemin={scale.invert(0)}
        aria-valuemax={scale.invert(1)}
        aria-valuenow={scale.invert(shown?.[0] ?? 0)}
        aria-valuetext={words}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          const at = shareAt(event);
          setDrag({ from: at, to: at });
        }}
        onPointerMove={(event) => drag && setDrag({ from: drag.from, to: shareAt(event) })}
        onPointerUp={finish}
        onPointerCancel={() => setDrag(null)}
      />
    </g>
  );
}

function sorted(a: number, b: number): [number, number] {
  return a <= b ? [a, b] : [b, a];
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}

function round(share: number): number {
  return Math.round(share * 1000) / 1000;
}
