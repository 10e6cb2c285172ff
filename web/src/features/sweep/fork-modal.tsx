import { type SubmitEvent, useState } from "react";
import type { Job, SweepSpec } from "@/api/types";
import type { AxisScale } from "@/charts/axis-scale";
import type { Ranges } from "@/charts/brush";
import { Field } from "@/components/field";
import { Modal } from "@/components/modal";
import { ErrorNotice } from "@/components/notices";
import { shortPath } from "@/lib/format";
import { fieldProblem, isAllBesideFields } from "@/lib/problems";
import { dimensionWords, narrowedSpace } from "./narrow";
import { useFork } from "./queries";

interface Props {
  sweep: Job;
  spec: SweepSpec;
  scales: readonly AxisScale[];
  ranges: Ranges;
  onClose: () => void;
  onMade: (id: string) => void;
}

/** Queues a sweep that starts from what this one found, in a space cut down to what is brushed. */
export function ForkModal({ sweep, spec, scales, ranges, onClose, onMade }: Props) {
  const fork = useFork(sweep.id);
  const space = narrowedSpace(spec, scales, ranges);
  const brushed = Object.entries(space);
  const [name, setName] = useState(`${spec.name}, on`.slice(0, 100));
  const [count, setCount] = useState(String(spec.num_trials));
  const [narrow, setNarrow] = useState(true);
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const edits = {
      name: name.trim(),
      num_trials: Number(count),
      ...(narrow && brushed.length > 0 && { space }),
    };
    fork.mutate(edits, { onSuccess: (made) => onMade(made.id) });
  };
  return (
    <Modal title="Search on from here" wide onClose={onClose}>
      <form className="stack" onSubmit={send}>
        {fork.isError && !isAllBesideFields(fork.error, ["name", "num_trials"]) && (
          <ErrorNotice error={fork.error} />
        )}
        <p className="hint">
          A new sweep is queued that knows the results of this one, so that its search does not begin again.
        </p>
        <div className="fields">
          <Field label="Name" error={fieldProblem(fork.error, "name")}>
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
          <Field label="Trials" error={fieldProblem(fork.error, "num_trials")}>
            {(control) => (
              <input
                {...control}
                className="input num"
                type="number"
                required
                min={1}
                max={10000}
                value={count}
                onChange={(event) => setCount(event.target.value)}
              />
            )}
          </Field>
        </div>
        {brushed.length === 0 ? (
          <p className="hint">
            It searches the same space. Brush the parallel coordinates first, and it searches in there only.
          </p>
        ) : (
          <div>
            <label className="check">
              <input type="checkbox" checked={narrow} onChange={(event) => setNarrow(event.target.checked)} />
              Search only in what is brushed
            </label>
            <dl className="pairs">
              {brushed.map(([path, dimension]) => (
                <div key={path}>
                  <dt title={path}>{shortPath(path)}</dt>
                  <dd className="num">{dimensionWords(dimension)}</dd>
                </div>
              ))}
            </dl>
          </div>
        )}
        <div className="dialog-actions">
          <button type="submit" className="button primary" disabled={fork.isPending}>
            {fork.isPending ? "Queueing" : "Queue the sweep"}
          </button>
        </div>
      </form>
    </Modal>
  );
}
