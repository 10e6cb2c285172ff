import { Link } from "@tanstack/react-router";
import { useJobAction } from "@/api/actions";
import type { JobSummary } from "@/api/types";
import { ConfirmButton } from "@/components/confirm-button";
import { ErrorNotice } from "@/components/notices";
import { type Action, ACTION_WORDS, stateAfter } from "@/lib/actions";

interface Props {
  selected: readonly JobSummary[];
  onClear: () => void;
}

const COMPARED_AT_MOST = 8;

/** What can be done with all chosen jobs at once; each button says how many of them it is for. */
export function BulkBar({ selected, onClear }: Props) {
  const act = useJobAction();
  const idsFor = (action: Action) =>
    selected.filter(({ state }) => stateAfter(action, state) !== undefined).map(({ id }) => id);
  const jobs = selected.filter(({ kind }) => kind === "job");
  const cancel = idsFor("cancel");
  return (
    <>
      {act.isError && <ErrorNotice error={act.error} />}
      {selected.length > 0 && (
        <div className="bulk-bar" role="toolbar" aria-label="With the chosen jobs">
          <strong className="num">{selected.length} chosen</strong>
          {(["pause", "resume", "retry"] as const).map((action) => {
            const ids = idsFor(action);
            return (
              <button
                key={action}
                type="button"
                className="button small"
                disabled={ids.length === 0}
                onClick={() => act.mutate({ action, ids })}
              >
                {ACTION_WORDS[action].button} <span className="num faint">{ids.length}</span>
              </button>
            );
          })}
          <ConfirmButton
            small
            label={`Cancel ${cancel.length}`}
            title={`Cancel ${cancel.length} of the chosen?`}
            confirm={`Cancel ${cancel.length}`}
            busy={cancel.length === 0}
            onConfirm={() => act.mutate({ action: "cancel", ids: cancel })}
          >
            <p>Those that run end after writing a checkpoint. Metrics and logs are kept.</p>
          </ConfirmButton>
          {jobs.length > 1 && (
            <Link
              to="/compare"
              search={{ jobs: jobs.slice(0, COMPARED_AT_MOST).map(({ id }) => id) }}
              className="button small"
            >
              Compare {Math.min(jobs.length, COMPARED_AT_MOST)}
            </Link>
          )}
          <div className="spacer" />
          <button type="button" className="button small" onClick={onClear}>
            Choose none
          </button>
        </div>
      )}
    </>
  );
}
