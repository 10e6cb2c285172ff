/** Reads the JSON schema of specs: what is allowed and said at a path of a document. */
import schema from "@/api/spec-schema.json";

export type Path = readonly (string | number)[];

export interface SchemaNode {
  $ref?: string;
  type?: string;
  title?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  examples?: unknown[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  multipleOf?: number;
  anyOf?: SchemaNode[];
  oneOf?: SchemaNode[];
  items?: SchemaNode;
  prefixItems?: SchemaNode[];
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  discriminator?: { propertyName: string; mapping: Record<string, string> };
}

export type SpecKind = keyof typeof schema.roots;

const schemas = schema.schemas as unknown as Record<string, SchemaNode>;

function named(ref: string): SchemaNode {
  return schemas[ref.slice(ref.lastIndexOf("/") + 1)] ?? {};
}

/** Follow references and optional wrappers; the description beside a reference is kept. */
export function resolve(node: SchemaNode): SchemaNode {
  if (node.$ref) return { ...resolve(named(node.$ref)), ...without(node, "$ref") };
  const members = node.anyOf?.filter((member) => member.type !== "null");
  const only = members?.length === 1 ? members[0] : undefined;
  return only ? { ...resolve(only), ...without(node, "anyOf") } : node;
}

function without(node: SchemaNode, key: "$ref" | "anyOf"): SchemaNode {
  return Object.fromEntries(Object.entries(node).filter(([name]) => name !== key));
}

/** The members of a union told apart by `kind`, by that word. */
export function variants(node: SchemaNode): Record<string, SchemaNode> {
  const mapping = resolve(node).discriminator?.mapping ?? {};
  return Object.fromEntries(Object.entries(mapping).map(([kind, ref]) => [kind, named(ref)]));
}

/** The schema at a path; `document` tells which member of a union is meant. */
export function schemaAt(kind: SpecKind, path: Path, document: unknown): SchemaNode | null {
  let node: SchemaNode = schemas[schema.roots[kind]] ?? {};
  let value = document;
  for (const part of path) {
    const here = choose(resolve(node), value);
    const next = step(here, part);
    if (!next) return null;
    node = next;
    value = valueAt(value, [part]);
  }
  return choose(resolve(node), value);
}

/** The member of a union that a value is; one that does not say so is what the default is, or the first. */
function choose(node: SchemaNode, value: unknown): SchemaNode {
  if (!node.discriminator) return node;
  const { propertyName, mapping } = node.discriminator;
  const tag =
    valueAt(value, [propertyName]) ?? valueAt(node.default, [propertyName]) ?? Object.keys(mapping)[0];
  const ref = typeof tag === "string" ? mapping[tag] : undefined;
  return ref ? resolve(named(ref)) : node;
}

function step(node: SchemaNode, part: string | number): SchemaNode | undefined {
  if (typeof part === "number") return node.prefixItems?.[part] ?? node.items;
  const property = node.properties?.[part];
  if (property) return property;
  return typeof node.additionalProperties === "object" ? node.additionalProperties : undefined;
}

export function valueAt(document: unknown, path: Path): unknown {
  let value = document;
  for (const part of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

/** A new object with the defaults of a schema's plain fields, as a start to edit. */
export function defaultsOf(node: SchemaNode): Record<string, unknown> {
  const fields = Object.entries(node.properties ?? {});
  return Object.fromEntries(
    fields.flatMap(([name, field]) => {
      const value = field.default ?? field.const;
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** A limit that tells something: those of 64-bit numbers, which the API gives to all whole numbers, do not. */
function telling(limit: number | undefined) {
  return limit !== undefined && Math.abs(limit) > Number.MAX_SAFE_INTEGER ? undefined : limit;
}

/** What is allowed, in a few words: `16 to 512, multiple of 8`. */
export function bounds(node: SchemaNode): string {
  const low = telling(node.minimum ?? node.exclusiveMinimum);
  const high = telling(node.maximum ?? node.exclusiveMaximum);
  const above = node.exclusiveMinimum !== undefined ? "above" : "at least";
  const words = [];
  const say = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: 6 });
  if (low !== undefined && high !== undefined)
    words.push(`${above === "above" ? "above " : ""}${say(low)} to ${say(high)}`);
  else if (low !== undefined) words.push(`${above} ${say(low)}`);
  if (node.multipleOf !== undefined) words.push(`multiple of ${node.multipleOf}`);
  const text = words.join(", ");
  return text && `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Paths of all numbers below `training`, list elements by their name, as a search space addresses them. */
export function numericPaths(training: unknown): string[] {
  const found: string[] = [];
  const visit = (node: SchemaNode | null, value: unknown, path: string[]) => {
    if (!node) return;
    const here = choose(resolve(node), value);
    if (here.type === "number" || here.type === "integer") {
      if (here.const === undefined) found.push(path.join("."));
    } else if (Array.isArray(value) && here.items) {
      for (const item of value) {
        const name = valueAt(item, ["name"]);
        if (typeof name === "string") visit(here.items, item, [...path, name]);
      }
    } else if (here.properties) {
      for (const [name, field] of Object.entries(here.properties)) {
        const inner = valueAt(value, [name]);
        if (inner !== null) visit(field, inner, [...path, name]);
      }
    }
  };
  visit(schemaAt("job", ["training"], {}), training, []);
  const rank = (path: string) => (path.startsWith("distillation") ? 0 : path.startsWith("optimizer") ? 1 : 2);
  return found.sort((a, b) => rank(a) - rank(b));
}
