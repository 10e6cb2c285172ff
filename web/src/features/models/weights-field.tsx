import type { Schemas } from "@/api/client";
import { Choice } from "@/components/choice";
import { Field } from "@/components/field";
import { Segmented } from "@/components/segmented";

export type SourceKind = "upload" | "path" | "job" | "torchvision";

type Torchvision = NonNullable<Schemas["WeightsSource"]["torchvision"]>;

const TORCHVISION: Record<Torchvision, string> = {
  "RetinaNet_ResNet50_FPN_Weights.COCO_V1": "RetinaNet, ResNet-50",
  "RetinaNet_ResNet50_FPN_V2_Weights.COCO_V1": "RetinaNet, ResNet-50, version 2",
  "FCOS_ResNet50_FPN_Weights.COCO_V1": "FCOS, ResNet-50",
};

const KINDS: readonly { value: SourceKind; label: string }[] = [
  { value: "upload", label: "this computer" },
  { value: "path", label: "the cluster" },
  { value: "job", label: "a job" },
  { value: "torchvision", label: "torchvision" },
];

const TEXTS = {
  path: {
    label: "Weights file (.safetensors)",
    hint: "Written by Stillhouse, at a path that the cluster's nodes see; a relative one starts at the data root.",
    placeholder: "teachers/digits.safetensors",
  },
  job: {
    label: "Id of a job that has succeeded",
    hint: "Its student becomes a version. Students register themselves too; this gives one another name.",
    placeholder: "job-k3v9x2m7qa",
  },
} as const;

interface Props {
  kind: SourceKind;
  source: string;
  problem: string | null;
  onKind: (kind: SourceKind) => void;
  onSource: (source: string) => void;
  onFile: (file: File | null) => void;
}

/** Where the weights of a model come from. */
export function WeightsField({ kind, source, problem, onKind, onSource, onFile }: Props) {
  const change = (next: SourceKind) => {
    onKind(next);
    onSource(next === "torchvision" ? (Object.keys(TORCHVISION)[0] ?? "") : "");
  };
  return (
    <>
      <div className="inline-field">
        <span>Its weights come from</span>
        <Segmented label="Source" value={kind} options={KINDS} onChange={change} />
      </div>
      {kind === "upload" && (
        <Field
          label="File on this computer (.safetensors)"
          hint="Sent to the server, checked, and kept there."
          error={problem}
        >
          {(control) => (
            <input
              {...control}
              className="input"
              type="file"
              accept=".safetensors"
              required
              onChange={(event) => onFile(event.target.files?.[0] ?? null)}
            />
          )}
        </Field>
      )}
      {kind === "torchvision" && (
        <Field label="Detector" hint="Fetched on the cluster, checked, and kept." error={problem}>
          {(control) => (
            <Choice
              {...control}
              options={Object.entries(TORCHVISION).map(([value, label]) => ({ value, label }))}
              value={source}
              onChange={onSource}
            />
          )}
        </Field>
      )}
      {(kind === "path" || kind === "job") && (
        <Field label={TEXTS[kind].label} hint={TEXTS[kind].hint} error={problem}>
          {(control) => (
            <input
              {...control}
              className="input"
              required
              spellCheck={false}
              placeholder={TEXTS[kind].placeholder}
              value={source}
              onChange={(event) => onSource(event.target.value)}
            />
          )}
        </Field>
      )}
    </>
  );
}
