import { type SubmitEvent, useState } from "react";
import type { Schemas } from "@/api/client";
import { Field } from "@/components/field";
import { Modal } from "@/components/modal";
import { ErrorNotice } from "@/components/notices";
import { Segmented } from "@/components/segmented";
import { fieldProblem, isAllBesideFields } from "@/lib/problems";
import { type Model, useRegisterModel } from "./queries";

interface Props {
  /** A model of which this will be another version. */
  like?: Model;
  onClose: () => void;
  onMade: (model: Model) => void;
}

const SOURCES = {
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
  torchvision: {
    label: "Name of torchvision's weights",
    hint: "Downloaded on the cluster, checked, and kept.",
    placeholder: "RetinaNet_ResNet50_FPN_V2_Weights.COCO_V1",
  },
} as const;

type SourceKind = keyof typeof SOURCES;
const FIELDS = ["name", "project", "description", "weights", "evaluate_on"];

/** Asks where a teacher or student is; the check starts when it is sent. */
export function RegisterModel({ like, onClose, onMade }: Props) {
  const register = useRegisterModel();
  const [name, setName] = useState(like?.name ?? "");
  const [project, setProject] = useState(like?.project ?? "default");
  const [description, setDescription] = useState("");
  const [kind, setKind] = useState<SourceKind>("path");
  const [source, setSource] = useState("");
  const [dataset, setDataset] = useState("");
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const wanted: Schemas["NewModel"] = {
      name: name.trim(),
      project: project.trim(),
      description,
      weights: { [kind]: source.trim() },
      evaluate_on: dataset.trim() === "" ? null : { dataset: dataset.trim(), max_images: 100 },
    };
    register.mutate(wanted, { onSuccess: onMade });
  };
  const problem = (field: string) => fieldProblem(register.error, field);
  const text = (label: string, value: string, set: (value: string) => void, more: TextOptions) => (
    <Field label={label} hint={more.hint} error={problem(more.field)}>
      {(control) => (
        <input
          {...control}
          className="input"
          spellCheck={false}
          required={more.required}
          readOnly={more.fixed}
          pattern={more.pattern}
          placeholder={more.placeholder}
          value={value}
          onChange={(event) => set(event.target.value)}
        />
      )}
    </Field>
  );
  return (
    <Modal title={like ? `Another version of ${like.name}` : "Register a model"} wide onClose={onClose}>
      <form className="stack" onSubmit={send}>
        {register.isError && !isAllBesideFields(register.error, FIELDS) && (
          <ErrorNotice error={register.error} />
        )}
        <div className="fields">
          {text("Name", name, setName, {
            field: "name",
            hint: "Jobs name it as their teacher by this.",
            placeholder: "digits-teacher",
            pattern: "[a-z0-9][a-z0-9._\\-]{0,63}",
            fixed: like !== undefined,
            required: true,
          })}
          {text("Project", project, setProject, {
            field: "project",
            fixed: like !== undefined,
            required: true,
          })}
        </div>
        {text("Description", description, setDescription, {
          field: "description",
          placeholder: "ResNet-50, trained for a week in spring",
        })}
        <div className="inline-field">
          <span>Its weights come from</span>
          <Segmented
            label="Source"
            value={kind}
            options={[
              { value: "path", label: "a file" },
              { value: "job", label: "a job" },
              { value: "torchvision", label: "torchvision" },
            ]}
            onChange={setKind}
          />
        </div>
        {text(SOURCES[kind].label, source, setSource, {
          field: "weights",
          hint: SOURCES[kind].hint,
          placeholder: SOURCES[kind].placeholder,
          required: true,
        })}
        {text("Measure its AP on (data set, if you like)", dataset, setDataset, {
          field: "evaluate_on",
          hint: "Up to 100 of its validation images are looked at, so that a wrong teacher shows at once.",
          placeholder: "harbour or harbour@2",
        })}
        <div className="dialog-actions">
          <button type="submit" className="button primary" disabled={register.isPending}>
            {register.isPending ? "Registering" : "Register and check"}
          </button>
        </div>
      </form>
    </Modal>
  );
}

interface TextOptions {
  field: string;
  hint?: string;
  placeholder?: string;
  pattern?: string;
  fixed?: boolean;
  required?: boolean;
}
