import { Link } from "@tanstack/react-router";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import { useJobAction } from "@/api/actions";
import type { JobSummary } from "@/api/types";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { ACTION_WORDS, actionsOf } from "@/lib/actions";

/** What can be done with one job, behind a button at the end of its row. The menu is made when it is first wanted. */
export function RowActions({ job }: { job: JobSummary }) {
  const [wanted, setWanted] = useState(false);
  if (wanted) return <RowMenu job={job} />;
  return (
    <button
      type="button"
      className="button icon small"
      aria-label={`Actions of ${job.name}`}
      aria-haspopup="menu"
      aria-expanded={false}
      onClick={() => setWanted(true)}
      onKeyDown={(event) => {
        if (event.key !== "ArrowDown") return;
        event.preventDefault();
        setWanted(true);
      }}
    >
      <span aria-hidden="true">⋯</span>
    </button>
  );
}

function RowMenu({ job }: { job: JobSummary }) {
  const act = useJobAction();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <DropdownMenu.Root modal={false} defaultOpen>
        <DropdownMenu.Trigger className="button icon small" aria-label={`Actions of ${job.name}`}>
          <span aria-hidden="true">⋯</span>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className="menu" align="end" sideOffset={4}>
            {actionsOf(job.state).map((action) => (
              <DropdownMenu.Item
                key={action}
                className={action === "cancel" ? "menu-item danger" : "menu-item"}
                onSelect={() =>
                  action === "cancel" ? setAsking(true) : act.mutate({ action, ids: [job.id] })
                }
              >
                {ACTION_WORDS[action].button}
              </DropdownMenu.Item>
            ))}
            <DropdownMenu.Item className="menu-item" asChild>
              <Link to="/new" search={{ clone: job.id }}>
                Clone and edit
              </Link>
            </DropdownMenu.Item>
            <DropdownMenu.Item className="menu-item" asChild>
              <Link to="/compare" search={{ jobs: [job.id] }}>
                Compare with others
              </Link>
            </DropdownMenu.Item>
            {job.mlflow_url && (
              <DropdownMenu.Item className="menu-item" asChild>
                <a href={job.mlflow_url}>Open in MLflow</a>
              </DropdownMenu.Item>
            )}
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      {asking && (
        <ConfirmDialog
          title={`Cancel ${job.name}?`}
          confirm={`Cancel this ${job.kind}`}
          onConfirm={() => act.mutate({ action: "cancel", ids: [job.id] })}
          onClose={() => setAsking(false)}
        >
          <p>{ACTION_WORDS.cancel.effect}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
