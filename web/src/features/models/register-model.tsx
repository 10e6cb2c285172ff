import { type SubmitEvent, useState } from "react";
import type { Schemas } from "@/api/client";
import { Field } from "@/components/field";
import { Modal } from "@/components/modal";
import { ErrorNotice } from "@/components/notices";
import { fieldProblem, isAllBesideFields } from "@/lib/problems";
import { type Model, useRegisterModel, useUploadModel } from "./queries";
import { type SourceKind, WeightsField } from "./weights-field";

interface Props {
  /** A model of which this will be another version. */
  like?: Model;
  onClose: () => void;
  onMade: (model: Model) => void;
}

const FIELDS = ["name", "project", "description", "weights", "evaluate_on"];

/** Asks where a teacher or student is; the check starts when it is sent. */
export function RegisterModel({ like, onClose, onMade }: Props) {
  const register = useRegisterModel();
  const upload = useUploadModel();
  const [name, setName] = useState(like?.name ?? "");
  const [project, setProject] = useState(like?.project ?? "default");
  const [description, setDescription] = useState("");
  const [kind, setKind] = useState<SourceKind>("upload");
  const [source, setSource] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const [dataset, setDataset] = useState("");
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const evaluate_on = dataset.trim() || null;
    if (kind === "upload") {
      const wanted = { name: name.trim(), project: project.trim(), description, evaluate_on };
      if (file) upload.mutate({ ...wanted, file }, { onSuccess: onMade });
      return;
    }
    const wanted: Schemas["NewModel"] = {
      name: name.trim(),
      project: project.trim(),
      description,
      weights: { [kind]: source.trim() },
      evaluate_on: evaluate_on === null ? null : { dataset: evaluate_on, max_images: 100 },
    };
    register.mutate(wanted, { onSuccess: onMade });
  };
  const { error, isPending } = kind === "upload" ? upload : register;
  const problem = (field: string) => fieldProblem(error, field);
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
        {error && !isAllBesideFields(error, FIELDS) && <ErrorNotice error={error} />}
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
        <WeightsField
          kind={kind}
          source={source}
          problem={problem("weights")}
          onKind={setKind}
          onSource={setSource}
          onFile={setFile}
        />
        {text("Measure its AP on (data set, if you like)", dataset, setDataset, {
          field: "evaluate_on",
          hint: "Up to 100 of its validation images are looked at, so that a wrong teacher shows at once.",
          placeholder: "harbour or harbour@2",
        })}
        <div className="dialog-actions">
          <button type="submit" className="button primary" disabled={isPending}>
            {isPending ? "Sending" : "Register and check"}
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
