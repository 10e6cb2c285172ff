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

const WIDTH = 460;
const HEIGHT = 250;
const LEFT = 46;
const RIGHT = 20;
const TOP = 26;
const BOTTOM = 42;

/** Dots with their names beside them. */
export function Scatter({ label, xLabel, yLabel, dots }: Props) {
  const dark = useIsDark();
  const across = makeScale(
    { key: "x", label: xLabel, log: false, domain: widened(dots.map(({ x }) => x)) },
    [],
  );
  const up = makeScale({ key: "y", label: yLabel, log: false, domain: widened(dots.map(({ y }) => y)) }, []);
  const x = (share: number) => LEFT + share * (WIDTH - LEFT - RIGHT);
  const y = (share: number) => HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  return (
    <svg className="scatter" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
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
      {dots.map((dot) => {
        const px = x(across.place(dot.x) ?? 0);
        const py = y(up.place(dot.y) ?? 0);
        const right = px > WIDTH * 0.6;
        return (
          <g key={dot.key}>
            <circle cx={px} cy={py} r="5.5" fill={strokeFor(dot.color, dark).color} />
            <text
              className="axis-tick"
              x={px + (right ? -9 : 9)}
              y={py - 7}
              textAnchor={right ? "end" : "start"}
            >
              {dot.name}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function widened(values: readonly number[]): [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const pad = (high - low) * 0.12 || Math.abs(high) * 0.1 || 1;
  return [low >= 0 ? Math.max(0, low - pad) : low - pad, high + pad];
}
