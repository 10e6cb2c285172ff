/** Where two specs differ, by path. */
export interface Difference {
  path: string;
  /** One value a spec; undefined where the spec does not have the path, an object where it has more below it. */
  values: unknown[];
}

/**
 * Paths at which not all specs have the same value, in the order in which they are met. A part that some specs do not
 * have at all is one difference; what is below it differs only where two specs that have it say different things.
 */
export function diffSpecs(specs: readonly unknown[]): Difference[] {
  return differences(specs, "");
}

function differences(values: readonly unknown[], path: string): Difference[] {
  const parts = values.map(partsOf);
  const whole = parts.filter((each) => each !== null);
  if (whole.length === 0) return areEqual(values) ? [] : [{ path, values: [...values] }];
  const names = [...new Set(whole.flatMap((each) => Object.keys(each)))];
  const below = names.flatMap((name) =>
    differences(
      whole.map((each) => each[name]),
      path === "" ? name : `${path}.${name}`,
    ),
  );
  if (whole.length === values.length) return below;
  const spread = ({ path, values: found }: Difference): Difference => {
    const rest = found[Symbol.iterator]();
    return { path, values: parts.map((each) => (each === null ? undefined : rest.next().value)) };
  };
  return [{ path, values: [...values] }, ...below.map(spread)];
}

function areEqual(values: readonly unknown[]): boolean {
  const [first, ...others] = values.map((value) => JSON.stringify(value));
  return others.every((other) => other === first);
}

/** What an object consists of, or a list of named things; null of all else. */
function partsOf(value: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof value !== "object" || value === null) return null;
  if (!Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  return value.length > 0 && value.every(isNamed)
    ? Object.fromEntries(value.map((item: { name: string }) => [item.name, item]))
    : null;
}

/** Lists of named things, as losses are, are compared by name. */
function isNamed(value: unknown): value is { name: string } {
  return typeof value === "object" && value !== null && "name" in value && typeof value.name === "string";
}
