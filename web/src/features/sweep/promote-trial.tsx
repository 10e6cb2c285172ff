import { Link } from "@tanstack/react-router";
import { type SubmitEvent, useState } from "react";
import { Field } from "@/components/field";
import { Modal } from "@/components/modal";
import { ErrorNotice } from "@/components/notices";
import { fieldProblem, isAllBesideFields } from "@/lib/problems";
import { usePromoteTrial } from "./queries";

interface Props {
  id: string;
  number: number;
  onClose: () => void;
}

const NAME = "[a-z0-9][a-z0-9._\\-]{0,63}";
const ALIAS = "[a-z][a-z0-9_\\-]{0,62}";

/** Makes the student of a trial a model, and gives it an alias. */
export function PromoteTrial({ id, number, onClose }: Props) {
  const promote = usePromoteTrial(id);
  const [model, setModel] = useState("");
  const [alias, setAlias] = useState("production");
  const [note, setNote] = useState("");
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    promote.mutate({ number, body: { model: model.trim() || null, alias, note } });
  };
  const text = (
    label: string,
    field: string,
    value: string,
    set: (value: string) => void,
    hint: string,
    pattern?: string,
  ) => (
    <Field label={label} hint={hint} error={fieldProblem(promote.error, field)}>
      {(control) => (
        <input
          {...control}
          className="input"
          required={field !== "note"}
          pattern={pattern}
          value={value}
          onChange={(event) => set(event.target.value)}
        />
      )}
    </Field>
  );
  return (
    <Modal title={`Promote the student of trial ${number}`} onClose={onClose}>
      {promote.isSuccess ? (
        <p>
          It is{" "}
          <Link to="/models/$name" params={{ name: promote.data.name }}>
            {promote.data.name}@{alias}
          </Link>{" "}
          now.
        </p>
      ) : (
        <form className="stack" onSubmit={send}>
          {promote.isError && !isAllBesideFields(promote.error, ["model", "alias", "note"]) && (
            <ErrorNotice error={promote.error} />
          )}
          {text(
            "Model",
            "model",
            model,
            setModel,
            "A new name, or that of a known model: small letters, digits, . - _",
            NAME,
          )}
          {text(
            "Alias",
            "alias",
            alias,
            setAlias,
            "Who asks for the model by this alias gets this student.",
            ALIAS,
          )}
          {text("Note", "note", note, setNote, "Why; it is kept in the model's history.")}
          <div className="dialog-actions">
            <button type="submit" className="button primary" disabled={promote.isPending}>
              {promote.isPending ? "Promoting" : "Promote"}
            </button>
          </div>
        </form>
      )}
    </Modal>
  );
}
