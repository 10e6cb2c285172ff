import { useId } from "react";
import type { FieldError } from "@/api/client";
import { formatValue } from "@/lib/format";
import { bounds, type Path, schemaAt, type SchemaNode, valueAt } from "@/lib/spec-schema";
import { fieldName, useEditor } from "./editor";
import { ListInput, NumberInput, TextInput } from "./inputs";

interface Props {
  path: Path;
  label?: string;
  /** What follows the label, such as a unit. */
  unit?: string;
  /** Values to choose from; others can be typed. */
  suggestions?: readonly string[];
}

/** One field of the spec, its kind, bounds and explanation taken from the schema. */
export function SpecField({ path, label, unit, suggestions }: Props) {
  const { kind, spec, errors, set } = useEditor();
  const id = useId();
  const node = schemaAt(kind, path, spec);
  if (!node) return null;
  const value = valueAt(spec, path);
  const error = errors.find((each) => each.field === fieldName(path));
  const hint = [node.description, bounds(node)].filter(Boolean).join(" ");
  const described = `${id}-hint ${id}-error`;
  const name = label ?? (node.title ? sentenceCase(node.title) : fieldName(path));
  const shared = { id, "aria-describedby": described, "aria-invalid": error !== undefined };
  const list = suggestions && `${id}-suggestions`;
  if (node.type === "boolean") {
    return (
      <div className="field">
        <label className="check">
          <input
            type="checkbox"
            checked={(value ?? node.default) === true}
            onChange={(event) => set(path, event.target.checked)}
            {...shared}
          />
          {name}
        </label>
        <Hint id={id} text={hint} error={error} />
      </div>
    );
  }
  return (
    <div className="field">
      <label htmlFor={id}>
        {name}
        {unit && <span className="faint"> {unit}</span>}
      </label>
      <Control node={node} value={value} shared={shared} list={list} onChange={(next) => set(path, next)} />
      {suggestions && (
        <datalist id={list}>
          {suggestions.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
      <Hint id={id} text={hint} error={error} />
    </div>
  );
}

interface ControlProps {
  node: SchemaNode;
  value: unknown;
  shared: { id: string; "aria-describedby": string; "aria-invalid": boolean };
  /** The id of a list of suggestions. */
  list: string | undefined;
  onChange: (value: unknown) => void;
}

function Control({ node, value, shared, list, onChange }: ControlProps) {
  const placeholder = node.default == null ? "" : plain(node.default);
  if (node.enum) {
    return (
      <select
        className="input"
        value={plain(value ?? node.default ?? "")}
        onChange={(event) => onChange(event.target.value || undefined)}
        {...shared}
      >
        {node.default == null && <option value="">not set</option>}
        {node.enum.map((option) => (
          <option key={String(option)}>{String(option)}</option>
        ))}
      </select>
    );
  }
  const text = { placeholder, ...shared };
  if (node.type === "integer" || node.type === "number")
    return <NumberInput value={value} onChange={onChange} {...text} />;
  if (node.type === "array") {
    const item = (node.prefixItems?.[0] ?? node.items)?.type;
    const numeric = item === "integer" || item === "number";
    return <ListInput value={value} numeric={numeric} onChange={onChange} {...text} />;
  }
  return <TextInput value={value} onChange={onChange} list={list} {...text} />;
}

/** The schema's own titles are in Title Case. */
function sentenceCase(title: string): string {
  return title.replace(/ ([A-Z])(?=[a-z])/g, (_, letter: string) => ` ${letter.toLowerCase()}`);
}

function plain(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : formatValue(value);
}

export function Hint({ id, text, error }: { id: string; text: string; error?: FieldError }) {
  return (
    <>
      {text && (
        <p className="field-hint" id={`${id}-hint`}>
          {text}
        </p>
      )}
      {error && (
        <p className="field-error" id={`${id}-error`} role="alert">
          {error.message.replace(/\.?$/, ".")}
          {error.found !== null && <> Found {formatValue(error.found)}.</>}
          {error.wanted && <> Wanted: {error.wanted}.</>}
        </p>
      )}
    </>
  );
}
