import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Job } from "@/api/types";
import { Card } from "@/components/card";
import { ErrorNotice } from "@/components/notices";
import { usePromote } from "./queries";

/** Hands the student of a job over: under the name of a model, with an alias that others can rely on. */
export function PromoteForm({ job }: { job: Job }) {
  const [model, setModel] = useState("");
  const [alias, setAlias] = useState("production");
  const [note, setNote] = useState("");
  const promote = usePromote(job.id);
  return (
    <Card title="Promote the student">
      <form
        className="promote"
        onSubmit={(event) => {
          event.preventDefault();
          promote.mutate({ model, alias, note });
        }}
      >
        <label className="field">
          Model
          <input
            className="input"
            value={model}
            placeholder="the one it is registered as"
            onChange={(event) => setModel(event.target.value)}
          />
        </label>
        <label className="field">
          Alias
          <input
            className="input"
            required
            value={alias}
            onChange={(event) => setAlias(event.target.value)}
          />
        </label>
        <label className="field">
          Note
          <input className="input" value={note} onChange={(event) => setNote(event.target.value)} />
        </label>
        <button type="submit" className="button primary" disabled={promote.isPending}>
          {promote.isPending ? "Promoting…" : "Promote"}
        </button>
      </form>
      {promote.isError && <ErrorNotice error={promote.error} />}
      {promote.isSuccess && (
        <p role="status">
          Done:{" "}
          <Link to="/models/$name" params={{ name: promote.data.name }}>
            {promote.data.name}
          </Link>{" "}
          has the alias {alias} on this student.
        </p>
      )}
    </Card>
  );
}
