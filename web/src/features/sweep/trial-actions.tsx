import type { Trial } from "@/api/types";
import { ConfirmButton } from "@/components/confirm-button";

export type TrialAction = "stop" | "retrain" | "promote";

interface Props {
  trial: Trial;
  onAction: (action: TrialAction, trial: Trial) => void;
}

/** What can be done with one trial: stop it while it runs, use it when it is done. */
export function TrialActions({ trial, onAction }: Props) {
  const { number, state } = trial;
  return (
    <>
      {state === "running" && (
        <ConfirmButton
          small
          label="Stop"
          ariaLabel={`Stop trial ${number}`}
          title={`Stop trial ${number}?`}
          confirm="Stop the trial"
          onConfirm={() => onAction("stop", trial)}
        >
          <p>It ends at its next evaluation and counts with what it has reached. The others go on.</p>
        </ConfirmButton>
      )}
      {(state === "succeeded" || state === "stopped") && (
        <button
          type="button"
          className="button small"
          aria-label={`Retrain trial ${number}`}
          onClick={() => onAction("retrain", trial)}
        >
          Retrain
        </button>
      )}
      {state === "succeeded" && (
        <button
          type="button"
          className="button small"
          aria-label={`Promote trial ${number}`}
          onClick={() => onAction("promote", trial)}
        >
          Promote
        </button>
      )}
      {trial.mlflow_url && (
        <a className="button small" href={trial.mlflow_url} aria-label={`Run of trial ${number} in MLflow`}>
          MLflow
        </a>
      )}
    </>
  );
}
