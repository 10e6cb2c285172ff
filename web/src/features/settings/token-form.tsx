import { useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { Choice } from "@/components/choice";
import { Field } from "@/components/field";
import { Modal } from "@/components/modal";
import { ErrorNotice } from "@/components/notices";
import { fieldProblem, isAllBesideFields } from "@/lib/problems";
import { EVERY_PROJECT, projectsQuery, useCreateToken } from "./access";
import { EXPIRIES, expiresAt, type Expiry } from "./expiry";
import { type RoleRow, RoleRows } from "./role-rows";

interface Props {
  onClose: () => void;
  onMade: (token: { name: string; secret: string }) => void;
}

/** Asks for what a new token is for, what it may do and how long. */
export function TokenForm({ onClose, onMade }: Props) {
  const create = useCreateToken();
  const { data: projects } = useQuery(projectsQuery);
  const [name, setName] = useState("");
  const [rows, setRows] = useState<RoleRow[]>([{ project: EVERY_PROJECT, role: "viewer" }]);
  const [expiry, setExpiry] = useState<Expiry>("90");
  const [date, setDate] = useState("");
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const roles = Object.fromEntries(rows.map((row) => [row.project, row.role]));
    const expires_at = expiresAt(expiry, date, new Date());
    create.mutate({ name: name.trim(), roles, expires_at }, { onSuccess: onMade });
  };
  const problems = ["name", "roles", "expires_at"];
  return (
    <Modal title="New token" wide onClose={onClose}>
      <form className="stack" onSubmit={send}>
        {create.isError && !isAllBesideFields(create.error, problems) && <ErrorNotice error={create.error} />}
        <Field
          label="Name"
          hint="Whom or what it is for; events and the audit log show it."
          error={fieldProblem(create.error, "name")}
        >
          {(control) => (
            <input
              {...control}
              className="input"
              required
              maxLength={100}
              placeholder="nightly sweeps"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <RoleRows
          rows={rows}
          projects={projects?.items.map((project) => project.name) ?? []}
          onChange={setRows}
        />
        {fieldProblem(create.error, "roles") && (
          <p className="field-error">{fieldProblem(create.error, "roles")}</p>
        )}
        <div className="fields">
          <Field label="Ends" error={fieldProblem(create.error, "expires_at")}>
            {(control) => <Choice {...control} options={EXPIRIES} value={expiry} onChange={setExpiry} />}
          </Field>
          {expiry === "date" && (
            <Field label="Date">
              {(control) => (
                <input
                  {...control}
                  className="input"
                  type="date"
                  required
                  min={new Date().toISOString().slice(0, 10)}
                  value={date}
                  onChange={(event) => setDate(event.target.value)}
                />
              )}
            </Field>
          )}
        </div>
        <div className="dialog-actions">
          <button type="submit" className="button primary" disabled={create.isPending}>
            {create.isPending ? "Making it" : "Make the token"}
          </button>
        </div>
      </form>
    </Modal>
  );
}
