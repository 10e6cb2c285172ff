/** Numbers and times as people read them. */

const MISSING = "–";
// Made once: a formatter costs more than a hundred rows of a table.
const WHOLE = new Intl.NumberFormat("en-US");
const EXACT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

/** A whole number with its thousands apart: `10,000`. */
export function formatWhole(value: number): string {
  return WHOLE.format(value);
}

/** AP in percent with one digit: `43.5`. */
export function formatAp(value: number | null | undefined): string {
  return value == null || !Number.isFinite(value) ? MISSING : value.toFixed(1);
}

/** A difference of AP with its sign: `+0.5`, `−1.2`. */
export function formatGain(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return MISSING;
  const text = Math.abs(value).toFixed(1);
  return text === "0.0" ? text : `${value > 0 ? "+" : "−"}${text}`;
}

/** The last part of a path. */
export function formatShort(path: string): string {
  return path.split("/").at(-1) ?? path;
}

/** A number with about four significant digits and without needless zeros. */
export function formatNumber(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return MISSING;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6))
    return value
      .toExponential(2)
      .replace(/\.?0+e/, "e")
      .replace("e+", "e");
  if (Number.isInteger(value)) return formatWhole(value);
  return String(Number(value.toPrecision(4)));
}

export function formatValue(value: unknown): string {
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Seconds as `42 s`, `3 min 20 s`, `2 h 05 min`, `3 d 4 h`. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds == null || !Number.isFinite(seconds)) return MISSING;
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, "0")} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** One unit only: `42 s`, `3 min`, `2 h`, `4 d`. */
export function formatAge(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min`;
  if (whole < 172_800) return `${Math.floor(whole / 3600)} h`;
  return `${Math.floor(whole / 86_400)} d`;
}

export function formatExactTime(iso: string): string {
  return EXACT.format(new Date(iso));
}

/** The end of a dotted path that tells dimensions apart: `feature_imitation.weight`. */
export function shortPath(path: string): string {
  const parts = path.split(".");
  return parts.slice(path.includes(".losses.") ? -2 : -1).join(".");
}

const BYTE_UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Bytes in powers of a thousand: `3.8 MB`. */
export function formatBytes(bytes: number | null | undefined): string {
  if (bytes == null || !Number.isFinite(bytes)) return MISSING;
  const power = bytes < 1000 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : Number(value.toPrecision(3))} ${BYTE_UNITS[power]}`;
}

/** A large count in short: `3.8 M`, `430 k`. */
export function formatCount(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return MISSING;
  if (Math.abs(value) < 10_000) return WHOLE.format(value);
  const power = Math.abs(value) >= 1e9 ? 3 : Math.abs(value) >= 1e6 ? 2 : 1;
  return `${Number((value / 1000 ** power).toPrecision(3))} ${["", "k", "M", "G"][power]}`;
}
