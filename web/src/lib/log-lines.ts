/** The lines of a log, and how bad each is. */
export type Level = "error" | "warning" | "info";

export interface LogLine {
  number: number;
  text: string;
  level: Level;
}

const ERROR = /\b(ERROR|CRITICAL|FATAL)\b|Traceback \(most recent|^\w*(Error|Exception)\b/;
const WARNING = /\bWARN(ING)?\b|Warning:/;

/** Put a new piece behind the lines that are there; the last line may go on. */
export function appendText(lines: readonly string[], piece: string): string[] {
  const [first = "", ...others] = piece.replaceAll("\r\n", "\n").split("\n");
  const next = lines.slice();
  next[Math.max(0, next.length - 1)] = (lines.at(-1) ?? "") + first;
  for (const line of others) next.push(line);
  return next;
}

/** Lines with their numbers and levels; what stands indented below an error belongs to it. */
export function readLines(lines: readonly string[]): LogLine[] {
  let before: Level = "info";
  const whole = lines.at(-1) === "" ? lines.slice(0, -1) : lines;
  return whole.map((raw, index) => {
    // A progress bar rewrites its line with carriage returns: only what stands there last is shown.
    const text = raw.slice(raw.lastIndexOf("\r") + 1);
    const goesOn = before === "error" && /^\s+\S/.test(text);
    before = goesOn || ERROR.test(text) ? "error" : WARNING.test(text) ? "warning" : "info";
    return { number: index + 1, text, level: before };
  });
}

const RANK: Record<Level, number> = { info: 0, warning: 1, error: 2 };

export function filterLines(lines: readonly LogLine[], search: string, least: Level): LogLine[] {
  const wanted = search.toLowerCase();
  return lines.filter(
    ({ text, level }) => RANK[level] >= RANK[least] && (wanted === "" || text.toLowerCase().includes(wanted)),
  );
}
