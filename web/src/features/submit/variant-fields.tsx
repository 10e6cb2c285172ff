import { useId } from "react";
import { Choice } from "@/components/choice";
import { type Path, resolve, schemaAt, type SchemaNode, valueAt, variants } from "@/lib/spec-schema";
import { useEditor } from "./editor";
import { SpecField } from "./spec-field";

interface Props {
  path: Path;
  label: string;
  labels?: Readonly<Record<string, string>>;
}

/** A piece of the spec of which there are several kinds: the choice, what it means, and the fields of that kind. */
export function VariantFields({ path, label, labels = {} }: Props) {
  const { kind, spec, set } = useEditor();
  const id = useId();
  const union = schemaAt(kind, path.slice(0, -1), spec)?.properties?.[String(path.at(-1))];
  const node = schemaAt(kind, path, spec);
  if (!union || !node) return null;
  const kinds = variants(union);
  const named = node.properties?.kind?.const;
  const chosen = typeof named === "string" ? named : (Object.keys(kinds)[0] ?? "");
  const fields = Object.entries(node.properties ?? {}).filter(
    ([name, field]) => name !== "kind" && isPlain(field),
  );
  const choose = (next: string) => {
    const before = valueAt(spec, path);
    const known = Object.keys(kinds[next]?.properties ?? {});
    const kept = Object.entries(typeof before === "object" && before !== null ? before : {}).filter(
      ([name]) => name !== "kind" && known.includes(name),
    );
    set(path, { kind: next, ...Object.fromEntries(kept) });
  };
  return (
    <>
      <div className="field">
        <label htmlFor={id}>{label}</label>
        <Choice id={id} options={Object.keys(kinds)} value={chosen} onChange={choose} />
        <p className="field-hint">{node.description}</p>
      </div>
      {fields.map(([name]) => (
        <SpecField key={name} path={[...path, name]} label={labels[name]} />
      ))}
    </>
  );
}

/** Whether one input can hold it. */
function isPlain(field: SchemaNode): boolean {
  const node = resolve(field);
  return node.discriminator === undefined && node.properties === undefined && node.type !== "object";
}
