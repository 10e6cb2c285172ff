import { useQuery } from "@tanstack/react-query";
import { defaultsOf, schemaAt, type SchemaNode, valueAt, variants } from "@/lib/spec-schema";
import { useEditor } from "./editor";
import { namesQuery } from "./queries";
import { Hint, SpecField } from "./spec-field";

const LOSSES = ["training", "distillation", "losses"];
const TEACHER = ["training", "distillation", "teacher"];
const FIRST_TEACHER = "teachers/digits.safetensors";
// What a distillation starts with, as in recipes/: others want a detector of their kind, or the place of one of these.
const FIRST_LOSSES = ["rank_mimicking", "feature_imitation"];

/** The teacher and the losses; each loss that the schema knows can be switched on. */
export function LossFields() {
  const { kind, spec, errors, set } = useEditor();
  const { data: names } = useQuery(namesQuery);
  const distils = valueAt(spec, ["training", "distillation"]) != null;
  const start = { ...(spec as object), training: { distillation: {} } };
  const known = variants(schemaAt(kind, LOSSES, start)?.items ?? {});
  const losses = asList(valueAt(spec, LOSSES));
  const toggleTeacher = (on: boolean) =>
    set(
      ["training", "distillation"],
      on ? { teacher: { weights: FIRST_TEACHER }, losses: firstOf(known).map(defaultsOf) } : null,
    );
  return (
    <fieldset className="group">
      <legend>Distillation</legend>
      <label className="check">
        <input type="checkbox" checked={distils} onChange={(event) => toggleTeacher(event.target.checked)} />
        Learn from a teacher
      </label>
      <p className="field-hint">Without a teacher this is a plain baseline.</p>
      {distils && (
        <>
          <p className="field-hint">Name the teacher in one of these ways.</p>
          <div className="fields">
            <SpecField path={[...TEACHER, "model"]} label="Registered model" suggestions={names?.models} />
            <SpecField path={[...TEACHER, "weights"]} label="Teacher weights" />
            <SpecField path={[...TEACHER, "torchvision"]} label="Detector of torchvision" />
          </div>
          {inOrder(known).map(([name, node]) => (
            <Loss key={name} kind={name} node={node} losses={losses} onLosses={(next) => set(LOSSES, next)} />
          ))}
          <Hint id="losses" text="" error={errors.find((each) => each.field === LOSSES.join("."))} />
        </>
      )}
    </fieldset>
  );
}

function firstOf(known: Readonly<Record<string, SchemaNode>>): SchemaNode[] {
  return FIRST_LOSSES.flatMap((kind) => known[kind] ?? []);
}

/** The losses that one starts with, and then the others. */
function inOrder(known: Readonly<Record<string, SchemaNode>>): [string, SchemaNode][] {
  const isFirst = ([kind]: [string, SchemaNode]) => Number(FIRST_LOSSES.includes(kind));
  return Object.entries(known).sort((a, b) => isFirst(b) - isFirst(a));
}

interface LossProps {
  kind: string;
  node: SchemaNode;
  losses: readonly unknown[];
  onLosses: (losses: unknown[]) => void;
}

function Loss({ kind, node, losses, onLosses }: LossProps) {
  const places = losses.flatMap((loss, index) => (valueAt(loss, ["kind"]) === kind ? [index] : []));
  const fields = Object.keys(node.properties ?? {}).filter((name) => name !== "kind" && name !== "name");
  const toggle = (on: boolean) =>
    onLosses(on ? [...losses, defaultsOf(node)] : losses.filter((loss) => valueAt(loss, ["kind"]) !== kind));
  const title = kind.replaceAll("_", " ");
  return (
    <div className="loss">
      <label className="check strong">
        <input
          type="checkbox"
          checked={places.length > 0}
          onChange={(event) => toggle(event.target.checked)}
        />
        {title.charAt(0).toUpperCase() + title.slice(1)}
      </label>
      <p className="field-hint">{node.description}</p>
      {places.map((place) => (
        <div key={place} className="fields">
          {fields.map((name) => (
            <SpecField key={name} path={[...LOSSES, place, name]} />
          ))}
        </div>
      ))}
    </div>
  );
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
