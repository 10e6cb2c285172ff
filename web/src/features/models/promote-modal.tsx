import { type SubmitEvent, useState } from "react";
import { Field } from "@/components/field";
import { Modal } from "@/components/modal";
import { ErrorNotice } from "@/components/notices";
import { fieldProblem, isAllBesideFields } from "@/lib/problems";
import { type Model, usePromote } from "./queries";

/** Gives the shown version an alias, and says who loses it. */
export function PromoteModal({ model, onClose }: { model: Model; onClose: () => void }) {
  const { name, version } = model;
  const promote = usePromote();
  const [alias, setAlias] = useState("production");
  const [note, setNote] = useState("");
  const before = model.aliases[alias];
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    promote.mutate({ name, promotion: { version: version.version, alias, note } }, { onSuccess: onClose });
  };
  return (
    <Modal title={`Promote version ${version.version} of ${name}`} onClose={onClose}>
      <form className="stack" onSubmit={send}>
        {promote.isError && !isAllBesideFields(promote.error, ["alias", "note"]) && (
          <ErrorNotice error={promote.error} />
        )}
        <Field
          label="Alias"
          hint={
            before === undefined
              ? "No version has it yet."
              : before === version.version
                ? "This version has it already."
                : `Version ${before} has it now and loses it.`
          }
          error={fieldProblem(promote.error, "alias")}
        >
          {(control) => (
            <input
              {...control}
              className="input"
              required
              pattern="[a-z][a-z0-9_\-]{0,62}"
              title="A small letter, then small letters, digits, hyphens and underscores"
              value={alias}
              onChange={(event) => setAlias(event.target.value)}
            />
          )}
        </Field>
        <Field
          label="Note"
          hint="Why; it is kept in the history."
          error={fieldProblem(promote.error, "note")}
        >
          {(control) => (
            <input
              {...control}
              className="input"
              maxLength={2000}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </Field>
        <div className="dialog-actions">
          <button type="submit" className="button primary" disabled={promote.isPending}>
            {promote.isPending ? "Promoting" : "Promote"}
          </button>
        </div>
      </form>
    </Modal>
  );
}
