import { useLayoutEffect, useRef, useState } from "react";
import { strokeFor } from "@/lib/palette";
import { useIsDark } from "@/lib/theme";
import { makeScale } from "./axis-scale";

export interface Dot {
  key: string;
  name: string;
  x: number;
  y: number;
  /** Place in the palette. */
  color: number;
}

interface Props {
  label: string;
  xLabel: string;
  yLabel: string;
  dots: readonly Dot[];
}

const FIRST_WIDTH = 460;
const LABEL_PX = 14;
const HEIGHT = 250;
const LEFT = 46;
const RIGHT = 20;
const TOP = 26;
const BOTTOM = 42;

/** Dots with their names beside them. */
export function Scatter({ label, xLabel, yLabel, dots }: Props) {
  const dark = useIsDark();
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(FIRST_WIDTH);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(
      ([entry]) => entry && setWidth(Math.max(240, entry.contentRect.width)),
    );
    if (frame.current) observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  const across = makeScale(
    { key: "x", label: xLabel, log: false, domain: widened(dots.map(({ x }) => x)) },
    [],
  );
  const up = makeScale({ key: "y", label: yLabel, log: false, domain: widened(dots.map(({ y }) => y)) }, []);
  const x = (share: number) => LEFT + share * (width - LEFT - RIGHT);
  const y = (share: number) => HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  const placed = apart(
    dots.map((dot) => ({ ...dot, px: x(across.place(dot.x) ?? 0), py: y(up.place(dot.y) ?? 0) })),
  );
  return (
    <div ref={frame}>
      <svg className="scatter" width={width} height={HEIGHT} role="img" aria-label={label}>
        {across.ticks.map(({ at, text }) => (
          <g key={`x${at}`}>
            <line className="grid-line" x1={x(at)} x2={x(at)} y1={y(0)} y2={y(1)} />
            <text className="axis-tick" x={x(at)} y={y(0) + 15} textAnchor="middle">
              {text}
            </text>
          </g>
        ))}
        {up.ticks.map(({ at, text }) => (
          <g key={`y${at}`}>
            <line className="grid-line" x1={x(0)} x2={x(1)} y1={y(at)} y2={y(at)} />
            <text className="axis-tick" x={x(0) - 6} y={y(at) + 4} textAnchor="end">
              {text}
            </text>
          </g>
        ))}
        <text className="axis-title" x={x(1)} y={HEIGHT - 6} textAnchor="end">
          {xLabel}
        </text>
        <text className="axis-title" x={4} y={12}>
          {yLabel}
        </text>
        {placed.map(({ px, py, labelY, ...dot }) => {
          const right = px > width * 0.6;
          return (
            <g key={dot.key}>
              <circle cx={px} cy={py} r="5.5" fill={strokeFor(dot.color, dark).color} />
              <text
                className="axis-tick"
                x={px + (right ? -10 : 10)}
                y={labelY}
                textAnchor={right ? "end" : "start"}
              >
                {dot.name}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** Names from top to bottom, none upon another. */
function apart<T extends { py: number }>(dots: readonly T[]): (T & { labelY: number })[] {
  let free = -Infinity;
  return [...dots]
    .sort((a, b) => a.py - b.py)
    .map((dot) => {
      const labelY = Math.max(dot.py + 4, free);
      free = labelY + LABEL_PX;
      return { ...dot, labelY };
    });
}

function widened(values: readonly number[]): [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const pad = (high - low) * 0.12 || Math.abs(high) * 0.1 || 1;
  return [low >= 0 ? Math.max(0, low - pad) : low - pad, high + pad];
}
