/** Where two specs differ, by path. */
export interface Difference {
  path: string;
  /** One value a spec; undefined where the spec does not have the path. */
  values: unknown[];
}

/** Paths at which not all specs have the same value, in the order in which they are met. */
export function diffSpecs(specs: readonly unknown[]): Difference[] {
  const flat = specs.map((spec) => new Map(leaves(spec, "")));
  const paths = [...new Set(flat.flatMap((each) => [...each.keys()]))];
  return paths.flatMap((path) => {
    const values = flat.map((each) => each.get(path));
    const [first, ...others] = values.map((value) => JSON.stringify(value));
    return others.some((other) => other !== first) ? [{ path, values }] : [];
  });
}

function leaves(value: unknown, path: string): [string, unknown][] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  if (Array.isArray(value) && !value.every(isNamed)) return [[path, value]];
  const entries: [string, unknown][] = Array.isArray(value)
    ? value.map((item: { name: string }) => [item.name, item])
    : Object.entries(value);
  if (entries.length === 0) return path === "" ? [] : [[path, value]];
  return entries.flatMap(([name, inner]) => leaves(inner, path === "" ? name : `${path}.${name}`));
}

/** Lists of named things, as losses are, are compared by name. */
function isNamed(value: unknown): value is { name: string } {
  return typeof value === "object" && value !== null && "name" in value && typeof value.name === "string";
}
