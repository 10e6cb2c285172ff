import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Card } from "@/components/card";
import { ConfirmButton } from "@/components/confirm-button";
import { ErrorNotice } from "@/components/notices";
import { PromoteModal } from "./promote-modal";
import { type Model, useDemote, useRollBack } from "./queries";

/** Names such as `production` that others rely on, and which version has them. */
export function AliasesCard({ model }: { model: Model }) {
  const { name, version } = model;
  const rollBack = useRollBack();
  const demote = useDemote();
  const [promoting, setPromoting] = useState(false);
  const error = rollBack.error ?? demote.error;
  const aliases = Object.entries(model.aliases);
  return (
    <Card
      title="Aliases"
      actions={
        <button
          type="button"
          className="button small primary"
          disabled={version.state !== "ready"}
          title={version.state === "ready" ? undefined : `Version ${version.version} is ${version.state}`}
          onClick={() => setPromoting(true)}
        >
          Promote version {version.version}
        </button>
      }
    >
      {error && <ErrorNotice error={error} />}
      {aliases.length === 0 && (
        <p className="hint">
          None yet. Promote a version, and jobs and programs can ask for <code>{name}@production</code>.
        </p>
      )}
      <ul className="rows" aria-label="Aliases">
        {aliases.map(([alias, of]) => (
          <li key={alias} className="row-item">
            <div className="row-main">
              <strong>{alias}</strong> <span aria-hidden="true">→</span>{" "}
              <Link to="/models/$name" params={{ name }} search={{ version: of }}>
                version {of}
              </Link>
              <span className="sub">
                <code>
                  {name}@{alias}
                </code>
              </span>
            </div>
            <div className="row-actions">
              <ConfirmButton
                small
                label="Roll back"
                ariaLabel={`Roll back ${alias}`}
                title={`Roll ${alias} back?`}
                confirm="Roll it back"
                busy={rollBack.isPending}
                onConfirm={() => rollBack.mutate({ name, alias })}
              >
                <p>The version that had {alias} before gets it back, here and in MLflow.</p>
              </ConfirmButton>
              <ConfirmButton
                small
                label="Take away"
                ariaLabel={`Take away ${alias}`}
                title={`Take ${alias} away?`}
                confirm="Take it away"
                busy={demote.isPending}
                onConfirm={() => demote.mutate({ name, alias })}
              >
                <p>Nothing is {alias} after that. Jobs that ask for it are refused.</p>
              </ConfirmButton>
            </div>
          </li>
        ))}
      </ul>
      {promoting && <PromoteModal model={model} onClose={() => setPromoting(false)} />}
    </Card>
  );
}
