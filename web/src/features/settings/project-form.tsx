import { type SubmitEvent, useState } from "react";
import { Field } from "@/components/field";
import { Modal } from "@/components/modal";
import { ErrorNotice } from "@/components/notices";
import { fieldProblem } from "@/lib/problems";
import { type Project, usePutProject } from "./access";

const LIMITS = [
  { key: "max_jobs", label: "Jobs at once", step: 1 },
  { key: "max_cpus", label: "CPU cores at once", step: "any" },
  { key: "max_gpus", label: "GPUs at once", step: "any" },
] as const;

type LimitKey = (typeof LIMITS)[number]["key"];

/** Describes and limits a project, a new one if none is given. */
export function ProjectForm({ project, onClose }: { project?: Project; onClose: () => void }) {
  const put = usePutProject();
  const [name, setName] = useState(project?.name ?? "");
  const [description, setDescription] = useState(project?.description ?? "");
  const [limits, setLimits] = useState<Record<LimitKey, string>>(() => ({
    max_jobs: text(project?.limits.max_jobs),
    max_cpus: text(project?.limits.max_cpus),
    max_gpus: text(project?.limits.max_gpus),
  }));
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const wish = {
      description,
      limits: {
        max_jobs: number(limits.max_jobs),
        max_cpus: number(limits.max_cpus),
        max_gpus: number(limits.max_gpus),
      },
    };
    put.mutate({ name: name.trim(), wish }, { onSuccess: onClose });
  };
  return (
    <Modal title={project ? `Project ${project.name}` : "New project"} wide onClose={onClose}>
      <form className="stack" onSubmit={send}>
        {put.isError && <ErrorNotice error={put.error} />}
        {!project && (
          <Field label="Name" hint="Jobs name it in their spec as `project`.">
            {(control) => (
              <input
                {...control}
                className="input"
                required
                maxLength={100}
                pattern="[^\/]+"
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
        )}
        <Field label="Description" error={fieldProblem(put.error, "description")}>
          {(control) => (
            <textarea
              {...control}
              className="input"
              rows={3}
              maxLength={2000}
              value={description}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Field>
        <div className="fields">
          {LIMITS.map(({ key, label, step }) => (
            <Field
              key={key}
              label={label}
              hint="Empty: no limit."
              error={fieldProblem(put.error, `limits.${key}`)}
            >
              {(control) => (
                <input
                  {...control}
                  className="input num"
                  type="number"
                  min={0}
                  step={step}
                  value={limits[key]}
                  onChange={(event) => setLimits({ ...limits, [key]: event.target.value })}
                />
              )}
            </Field>
          ))}
        </div>
        <p className="hint">Jobs over a limit wait in the queue, and say so; what runs already goes on.</p>
        <div className="dialog-actions">
          <button type="submit" className="button primary" disabled={put.isPending}>
            {put.isPending ? "Saving" : "Save"}
          </button>
        </div>
      </form>
    </Modal>
  );
}

function text(value: number | null | undefined): string {
  return value == null ? "" : String(value);
}

function number(value: string): number | null {
  return value.trim() === "" ? null : Number(value);
}
