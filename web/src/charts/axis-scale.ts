/** Maps the values of one dimension to 0..1 and back: linear, logarithmic or a list of choices. */
import { formatValue } from "@/lib/format";

export type AxisValue = number | string | boolean | null;

export interface Axis {
  key: string;
  label: string;
  log?: boolean;
  /** The bounds of a numeric axis; those of its values where none are given. */
  domain?: [number, number];
  /** The values of an axis of choices. */
  choices?: readonly AxisValue[];
}

export interface AxisScale {
  axis: Axis;
  place: (value: AxisValue | undefined) => number | null;
  invert: (share: number) => number;
  ticks: { at: number; text: string }[];
}

export function makeScale(axis: Axis, values: readonly (AxisValue | undefined)[]): AxisScale {
  if (axis.choices) return choiceScale(axis, axis.choices);
  const numbers = values.filter((value) => typeof value === "number");
  let [low, high] = axis.domain ?? [Math.min(...numbers), Math.max(...numbers)];
  if (!Number.isFinite(low) || !Number.isFinite(high)) [low, high] = [0, 1];
  if (low === high) [low, high] = [low - 1, high + 1];
  const log = axis.log === true && low > 0;
  const to = log ? Math.log : (value: number) => value;
  const from = log ? Math.exp : (value: number) => value;
  const [start, span] = [to(low), to(high) - to(low)];
  const invert = (share: number) => from(start + share * span);
  return {
    axis,
    invert,
    place: (value) => (typeof value === "number" && (!log || value > 0) ? (to(value) - start) / span : null),
    ticks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({
      at,
      text: formatValue(Number(invert(at).toPrecision(3))),
    })),
  };
}

function choiceScale(axis: Axis, choices: readonly AxisValue[]): AxisScale {
  const last = Math.max(1, choices.length - 1);
  return {
    axis,
    invert: (share) => share * last,
    place: (value) => {
      const at = choices.findIndex((choice) => choice === value);
      return at < 0 ? null : at / last;
    },
    ticks: choices.map((choice, index) => ({ at: index / last, text: formatValue(choice) })),
  };
}
