/** Colours that stay apart for colour-blind eyes (after Okabe and Ito), each with its own dash. */
export interface Stroke {
  color: string;
  dash: number[];
}

// Light and dark variants keep a contrast of at least 3:1 against the page.
const LIGHT = ["#0b6fb3", "#b5480b", "#00795a", "#a8487f", "#7a5c00", "#2d7f9d", "#4d4d4d", "#6a4fb3"];
const DARK = ["#56b4e9", "#f0883e", "#2bc59b", "#e08cbc", "#e6c229", "#7fd0e8", "#b8bcc4", "#a892f0"];
const DASHES = [[], [7, 3], [2, 3], [10, 3, 2, 3], [12, 4], [4, 4], [1, 4], [8, 2, 2, 2]];

/** The colour at one place of the palette, with the dash at another: the first curve of a chart is solid. */
export function strokeFor(index: number, dark: boolean, dash = index): Stroke {
  const colors = dark ? DARK : LIGHT;
  return { color: colors[index % colors.length] ?? "#888", dash: DASHES[dash % DASHES.length] ?? [] };
}

/** A sequential scale (after cividis), dark to light, turned round on dark pages. */
const STOPS_LIGHT = ["#c9bd85", "#a59c74", "#7d7c78", "#575d6d", "#123570"];
const STOPS_DARK = ["#3f5a8c", "#6a7383", "#94907c", "#c4b56c", "#fee838"];

export function sequentialColor(share: number, dark: boolean): string {
  const stops = dark ? STOPS_DARK : STOPS_LIGHT;
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const low = Math.min(Math.floor(at), stops.length - 2);
  return mix(stops[low] ?? "#888888", stops[low + 1] ?? "#888888", at - low);
}

function mix(from: string, to: string, share: number): string {
  const channel = (hex: string, at: number) => parseInt(hex.slice(at, at + 2), 16);
  const parts = [1, 3, 5].map((at) => Math.round(channel(from, at) * (1 - share) + channel(to, at) * share));
  return `rgb(${parts.join(" ")})`;
}
