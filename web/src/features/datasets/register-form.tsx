import { type SubmitEvent, useState } from "react";
import type { Schemas } from "@/api/client";
import { Field } from "@/components/field";
import { Modal } from "@/components/modal";
import { ErrorNotice } from "@/components/notices";
import { Segmented } from "@/components/segmented";
import { fieldProblem, isAllBesideFields } from "@/lib/problems";
import { type Dataset, useRegisterDataset } from "./queries";
import { emptySplit, SplitFields, type SplitDraft, toSplit } from "./split-fields";

interface Props {
  /** A data set of which this will be another version. */
  like?: Dataset;
  onClose: () => void;
  onMade: (dataset: Dataset) => void;
}

const FIELDS = ["name", "project", "description", "train", "val"];

/** Asks where a data set is; the check starts when it is sent. */
export function RegisterDataset({ like, onClose, onMade }: Props) {
  const register = useRegisterDataset();
  const [format, setFormat] = useState<"coco" | "voc">(like?.train.format ?? "coco");
  const [name, setName] = useState(like?.name ?? "");
  const [project, setProject] = useState(like?.project ?? "default");
  const [description, setDescription] = useState(like?.description ?? "");
  const [train, setTrain] = useState<SplitDraft>(() => emptySplit(like?.train));
  const [val, setVal] = useState<SplitDraft>(() => emptySplit(like?.val));
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const wanted: Schemas["NewDataset"] = {
      name: name.trim(),
      project: project.trim(),
      description,
      train: toSplit(train, format),
      val: toSplit(val, format),
    };
    register.mutate(wanted, { onSuccess: onMade });
  };
  const problem = (field: string) => fieldProblem(register.error, field);
  return (
    <Modal title={like ? `Another version of ${like.name}` : "Register a data set"} wide onClose={onClose}>
      <form className="stack" onSubmit={send}>
        {register.isError && !isAllBesideFields(register.error, FIELDS) && (
          <ErrorNotice error={register.error} />
        )}
        <div className="fields">
          <Field label="Name" hint="Jobs name it by this." error={problem("name")}>
            {(control) => (
              <input
                {...control}
                className="input"
                required
                readOnly={like !== undefined}
                pattern="[a-z0-9][a-z0-9._\-]{0,63}"
                title="Small letters, digits, dots, hyphens and underscores"
                placeholder="harbour-2027"
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <Field label="Project" error={problem("project")}>
            {(control) => (
              <input
                {...control}
                className="input"
                required
                readOnly={like !== undefined}
                value={project}
                onChange={(event) => setProject(event.target.value)}
              />
            )}
          </Field>
        </div>
        <Field label="Description" error={problem("description")}>
          {(control) => (
            <input
              {...control}
              className="input"
              maxLength={2000}
              placeholder="Cameras 3 to 7, labelled in spring"
              value={description}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Field>
        <div className="inline-field">
          <span>Boxes are written down as</span>
          <Segmented
            label="Format"
            value={format}
            options={[
              { value: "coco", label: "COCO" },
              { value: "voc", label: "PASCAL VOC" },
            ]}
            onChange={setFormat}
          />
        </div>
        <SplitFields
          title="Training"
          name="train"
          format={format}
          split={train}
          problem={problem}
          onChange={setTrain}
        />
        <SplitFields
          title="Validation"
          name="val"
          format={format}
          split={val}
          problem={problem}
          onChange={setVal}
        />
        <p className="hint">
          Paths are as the cluster&apos;s nodes see them; relative ones start at the data root. Nothing is
          copied: the check reads the annotations and images where they are, and says in words what is wrong.
        </p>
        <div className="dialog-actions">
          <button type="submit" className="button primary" disabled={register.isPending}>
            {register.isPending ? "Registering" : "Register and check"}
          </button>
        </div>
      </form>
    </Modal>
  );
}
