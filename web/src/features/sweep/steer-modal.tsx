import { type SubmitEvent, useState } from "react";
import type { Dimension, SweepSpec } from "@/api/types";
import { Choice } from "@/components/choice";
import { ConfirmButton } from "@/components/confirm-button";
import { Field } from "@/components/field";
import { Modal } from "@/components/modal";
import { ErrorNotice } from "@/components/notices";
import { shortPath } from "@/lib/format";
import { dimensionWords } from "./narrow";
import { useSteer } from "./queries";
import { addedTrial, steering } from "./steering";

interface Props {
  id: string;
  spec: SweepSpec;
  onClose: () => void;
}

/** Gives a running sweep more trials, a trial of one's own, or the end of its search. */
export function SteerModal({ id, spec, onClose }: Props) {
  const steer = useSteer(id);
  const [more, setMore] = useState({ trials: "8", hours: "", gpuHours: "" });
  const [values, setValues] = useState<Record<string, string>>({});
  const send = (wish: Parameters<typeof steering>[0]) => steer.mutate(steering(wish), { onSuccess: onClose });
  const sendMore = (event: SubmitEvent) => {
    event.preventDefault();
    const budget = { more_wall_s: 3600 * Number(more.hours), more_gpu_hours: Number(more.gpuHours) };
    send({ more_trials: Number(more.trials), ...budget });
  };
  const sendTrial = (event: SubmitEvent) => {
    event.preventDefault();
    send({ added_trials: [addedTrial(spec.space, values)] });
  };
  return (
    <Modal title="Steer the sweep" wide onClose={onClose}>
      <div className="stack">
        {steer.isError && <ErrorNotice error={steer.error} />}
        <form className="group steer-row" onSubmit={sendMore}>
          <More
            label="More trials"
            hint={`Beyond the ${spec.num_trials} that were asked for.`}
            value={more.trials}
            onChange={(trials) => setMore({ ...more, trials })}
          />
          {spec.budget.wall_s != null && (
            <More
              label="More hours"
              hint="Added to the time limit."
              value={more.hours}
              onChange={(hours) => setMore({ ...more, hours })}
            />
          )}
          {spec.budget.gpu_hours != null && (
            <More
              label="More GPU hours"
              hint="Added to the budget."
              value={more.gpuHours}
              onChange={(gpuHours) => setMore({ ...more, gpuHours })}
            />
          )}
          <button type="submit" className="button" disabled={steer.isPending}>
            Add them
          </button>
        </form>
        <form className="group" onSubmit={sendTrial}>
          <p className="hint lead">A trial of your own runs next. What is left empty is sampled.</p>
          <div className="fields">
            {Object.entries(spec.space).map(([path, dimension]) => (
              <DimensionField
                key={path}
                path={path}
                dimension={dimension}
                value={values[path] ?? ""}
                onChange={(value) => setValues({ ...values, [path]: value })}
              />
            ))}
          </div>
          <div className="dialog-actions">
            <button type="submit" className="button" disabled={steer.isPending}>
              Add this trial
            </button>
          </div>
        </form>
        <div className="dialog-actions">
          <ConfirmButton
            label="End the search"
            title="End the search?"
            confirm="End it"
            busy={steer.isPending}
            onConfirm={() => send({ end_search: true })}
          >
            <p>
              No further trial of the search starts. What runs goes on, and the repeats of the best follow.
            </p>
          </ConfirmButton>
        </div>
      </div>
    </Modal>
  );
}

interface MoreProps {
  label: string;
  hint: string;
  value: string;
  onChange: (value: string) => void;
}

function More({ label, hint, value, onChange }: MoreProps) {
  return (
    <Field label={label} hint={hint}>
      {(control) => (
        <input
          {...control}
          className="input num"
          type="number"
          min={0}
          step="any"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

interface FieldProps {
  path: string;
  dimension: Dimension;
  value: string;
  onChange: (value: string) => void;
}

function DimensionField({ path, dimension, value, onChange }: FieldProps) {
  const choices =
    dimension.kind === "choice"
      ? dimension.values.map(String)
      : dimension.kind === "options"
        ? dimension.options.map(({ label }) => label)
        : null;
  return (
    <Field label={shortPath(path)} hint={choices ? undefined : dimensionWords(dimension)}>
      {(control) =>
        choices ? (
          <Choice
            {...control}
            none="sampled"
            options={choices}
            value={value}
            onChange={(choice) => onChange(choice ?? "")}
          />
        ) : (
          <input
            {...control}
            className="input num"
            type="number"
            step={dimension.kind === "integer" ? 1 : "any"}
            min={"low" in dimension ? dimension.low : undefined}
            max={"high" in dimension ? dimension.high : undefined}
            placeholder="sampled"
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        )
      }
    </Field>
  );
}
