/** The lines of a parallel-coordinates plot: where they run, how they are drawn, which one is near the pointer. */
import type { AxisScale, AxisValue } from "./axis-scale";

export interface ParallelRow {
  id: number;
  values: Readonly<Record<string, AxisValue | undefined>>;
  /** 0 (worst) to 1 (best); null where it is not known yet. */
  quality: number | null;
}

export interface Place {
  x: (axis: number) => number;
  y: (share: number) => number;
}

/** The places of a row on all axes, one after the other; NaN where it has no value. */
export function placesOf(row: ParallelRow, scales: readonly AxisScale[]): Float64Array {
  return Float64Array.from(scales, (scale) => scale.place(row.values[scale.axis.key]) ?? Number.NaN);
}

export interface Line {
  id: number;
  places: Float64Array;
  color: string;
  width: number;
  opacity: number;
  dashed: boolean;
}

/** Draw lines in their order; the canvas is cleared before. */
export function drawLines(
  canvas: HTMLCanvasElement,
  lines: readonly Line[],
  place: Place,
  size: { width: number; height: number },
) {
  const ratio = globalThis.devicePixelRatio || 1;
  canvas.width = Math.round(size.width * ratio);
  canvas.height = Math.round(size.height * ratio);
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(ratio, ratio);
  context.lineJoin = "round";
  for (const line of lines) {
    context.strokeStyle = line.color;
    context.lineWidth = line.width;
    context.globalAlpha = line.opacity;
    context.setLineDash(line.dashed ? [3, 3] : []);
    context.beginPath();
    let started = false;
    line.places.forEach((share, axis) => {
      if (Number.isNaN(share)) return;
      if (started) context.lineTo(place.x(axis), place.y(share));
      else context.moveTo(place.x(axis), place.y(share));
      started = true;
    });
    context.stroke();
  }
}

const NEAR_PX = 6;

/** The line that passes nearest to a point; null where none comes near. */
export function nearestLine(
  lines: readonly Pick<Line, "id" | "places">[],
  place: Place,
  numAxes: number,
  at: { x: number; y: number },
): number | null {
  let right = 1;
  while (right < numAxes - 1 && place.x(right) < at.x) right += 1;
  const left = right - 1;
  const along = (at.x - place.x(left)) / (place.x(right) - place.x(left));
  if (!(along >= 0 && along <= 1)) return null;
  let found: number | null = null;
  let least = NEAR_PX;
  for (const { id, places } of lines) {
    const from = places[left] ?? Number.NaN;
    const to = places[right] ?? Number.NaN;
    const distance = Math.abs(place.y(from + (to - from) * along) - at.y);
    if (distance < least) [least, found] = [distance, id];
  }
  return found;
}
