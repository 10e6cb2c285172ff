import { type SubmitEvent, useState } from "react";
import type { SweepSpec } from "@/api/types";
import { Field } from "@/components/field";
import { Modal } from "@/components/modal";
import { ErrorNotice } from "@/components/notices";
import { fieldProblem, isAllBesideFields } from "@/lib/problems";
import { useRetrain } from "./queries";

interface Props {
  id: string;
  spec: SweepSpec;
  trial: number | null;
  onClose: () => void;
  onMade: (id: string) => void;
}

const FIELDS = ["name", "num_steps", "seed"];

/** Sends a trial's training as a job of its own, at the same or a larger budget. */
export function RetrainModal({ id, spec, trial, onClose, onMade }: Props) {
  const retrain = useRetrain(id);
  const [name, setName] = useState(`${spec.name} #${trial ?? "winner"}`.slice(0, 100));
  const [steps, setSteps] = useState(String(spec.training.num_steps));
  const [seed, setSeed] = useState("");
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    retrain.mutate(
      { trial, name: name.trim(), num_steps: Number(steps), seed: seed === "" ? null : Number(seed) },
      { onSuccess: (job) => onMade(job.id) },
    );
  };
  const problem = (field: string) => fieldProblem(retrain.error, field);
  return (
    <Modal title={trial === null ? "Retrain the winner" : `Retrain trial ${trial}`} onClose={onClose}>
      <form className="stack" onSubmit={send}>
        {retrain.isError && !isAllBesideFields(retrain.error, FIELDS) && (
          <ErrorNotice error={retrain.error} />
        )}
        <Field label="Name" error={problem("name")}>
          {(control) => (
            <input
              {...control}
              className="input"
              required
              maxLength={100}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <div className="fields">
          <Field
            label="Steps"
            hint={`The sweep's trials had ${spec.training.num_steps.toLocaleString("en-US")}.`}
            error={problem("num_steps")}
          >
            {(control) => (
              <input
                {...control}
                className="input num"
                type="number"
                required
                min={1}
                value={steps}
                onChange={(event) => setSteps(event.target.value)}
              />
            )}
          </Field>
          <Field label="Seed" hint="Empty: as the trial had it." error={problem("seed")}>
            {(control) => (
              <input
                {...control}
                className="input num"
                type="number"
                min={0}
                value={seed}
                onChange={(event) => setSeed(event.target.value)}
              />
            )}
          </Field>
        </div>
        {spec.scheduler.kind === "pbt" && (
          <p className="hint">
            Its values change on the way as those of the trial did, at the same shares of all steps.
          </p>
        )}
        <p className="hint">When the job succeeds, its student is a model that can be promoted.</p>
        <div className="dialog-actions">
          <button type="submit" className="button primary" disabled={retrain.isPending}>
            {retrain.isPending ? "Submitting" : "Submit the job"}
          </button>
        </div>
      </form>
    </Modal>
  );
}
