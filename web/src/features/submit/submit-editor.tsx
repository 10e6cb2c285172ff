import { useMemo, useState } from "react";
import { ProblemError } from "@/api/client";
import type { Job } from "@/api/types";
import { ErrorNotice } from "@/components/notices";
import { type SpecKind, valueAt } from "@/lib/spec-schema";
import { parseSpec, setInText } from "@/lib/yaml-document";
import { CopyAs } from "./copy-as";
import { type Editor, EditorContext } from "./editor";
import { PreflightCard } from "./preflight-card";
import { newIdempotencyKey, useCheck, useSubmit } from "./queries";
import { SpecForm } from "./spec-form";
import { YamlEditor } from "./yaml-editor";

const OF_SWEEPS = [
  "space",
  "objective",
  "num_trials",
  "max_concurrent_trials",
  "search",
  "scheduler",
  "seed",
  "budget",
  "constraints",
  "controls",
  "fixed_trials",
  "further_objectives",
  "past_trials",
  "share_teacher_outputs",
];

interface Props {
  initial: string;
  onSubmitted: (job: Job) => void;
}

/** The form and the YAML of one spec. The text is the truth; the form reads it and writes into it. */
export function SubmitEditor({ initial, onSubmitted }: Props) {
  const [text, setText] = useState(initial);
  const [lastGood, setLastGood] = useState<unknown>(() => parseSpec(initial).value);
  const [key, setKey] = useState(newIdempotencyKey);
  const parsed = useMemo(() => parseSpec(text), [text]);
  const submit = useSubmit();
  const kind: SpecKind = valueAt(lastGood, ["kind"]) === "sweep" ? "sweep" : "job";

  const change = (next: string) => {
    const { value, error } = parseSpec(next);
    setText(next);
    setKey(newIdempotencyKey());
    if (error === null) setLastGood(value);
    if (submit.isError) submit.reset();
  };
  const changeKind = (next: SpecKind) => {
    let draft = setInText(text, ["kind"], next);
    if (next === "sweep") {
      draft = setInText(draft, ["space"], {});
      draft = setInText(draft, ["num_trials"], 16);
    } else {
      for (const name of OF_SWEEPS) draft = setInText(draft, [name], undefined);
    }
    change(draft);
  };
  const problem = submit.error instanceof ProblemError ? submit.error : null;
  const check = useCheck(lastGood, parsed.error === null);
  const errors = problem?.errors ?? check.errors;
  const editor: Editor = {
    kind,
    spec: lastGood,
    errors,
    set: (path, value) => change(setInText(text, path, value)),
  };
  return (
    <EditorContext value={editor}>
      <form
        className="submit"
        aria-label="New job"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit.mutate({ spec: parsed.value, idempotencyKey: key }, { onSuccess: onSubmitted });
        }}
      >
        <fieldset className="plain" disabled={parsed.error !== null}>
          <SpecForm onKind={changeKind} />
        </fieldset>
        <div className="submit-side">
          <YamlEditor
            text={text}
            error={parsed.error}
            errors={errors}
            status={check.text}
            onChange={change}
          />
          {parsed.error === null && <PreflightCard spec={lastGood} />}
          {submit.isError && <Refusal error={submit.error} />}
          <div className="submit-bar">
            <CopyAs text={text} spec={lastGood} disabled={parsed.error !== null} />
            <button
              type="submit"
              className="button primary"
              disabled={parsed.error !== null || submit.isPending}
            >
              {submit.isPending ? "Sending…" : kind === "sweep" ? "Submit sweep" : "Submit job"}
            </button>
          </div>
        </div>
      </form>
    </EditorContext>
  );
}

/** Why the server did not take the spec, with every wrong field, also those that the form does not show. */
function Refusal({ error }: { error: Error }) {
  if (!(error instanceof ProblemError) || error.errors.length === 0) return <ErrorNotice error={error} />;
  return (
    <div className="notice notice-error" role="alert">
      <div>
        <strong>{error.title}</strong>
        <ul>
          {error.errors.map((each) => (
            <li key={each.field}>
              <code>{each.field}</code>: {each.message}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
