/** A spec as YAML text, edited by path so that comments and order stay. */
import { isMap, isNode, isSeq, parseDocument } from "yaml";
import type { Path } from "./spec-schema";

export interface Parsed {
  value: unknown;
  error: string | null;
}

export function parseSpec(text: string): Parsed {
  const document = parseDocument(text);
  const [first] = document.errors;
  if (first) {
    const line = first.linePos?.[0].line;
    const what = first.message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? "not YAML";
    return { value: null, error: line ? `Line ${line}: ${what}` : what };
  }
  const value: unknown = document.toJS({ maxAliasCount: 50 });
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { value: null, error: "A spec is a mapping such as `name: my job`" };
  }
  return { value, error: null };
}

/** Where a field of the text stands; of one that is not there, the nearest that holds it. */
export function placeOf(text: string, field: string): { from: number; to: number } {
  const document = parseDocument(text);
  const parts = field.split(".");
  for (let length = parts.length; length > 0; length -= 1) {
    const node = document.getIn(
      parts.slice(0, length).map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
      true,
    );
    if (isNode(node) && node.range) return { from: node.range[0], to: node.range[1] };
  }
  return { from: 0, to: 0 };
}

/** Return the text with `value` at `path`; undefined takes the field away, so that its default holds. */
export function setInText(text: string, path: Path, value: unknown): string {
  const document = parseDocument(text);
  if (value === undefined) {
    document.deleteIn(path);
  } else {
    for (let length = 1; length < path.length; length += 1) {
      const parent = path.slice(0, length);
      const node = document.getIn(parent, true);
      if (!isMap(node) && !isSeq(node)) {
        document.setIn(parent, document.createNode(typeof path[length] === "number" ? [] : {}));
      }
    }
    document.setIn(path, document.createNode(value));
  }
  return document.toString({ lineWidth: 100 });
}
