import { useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import type { JobState } from "@/api/types";
import { Choice } from "@/components/choice";
import { Field } from "@/components/field";
import { Modal } from "@/components/modal";
import { ErrorNotice } from "@/components/notices";
import { fieldProblem, isAllBesideFields } from "@/lib/problems";
import { JOB_STATES } from "@/lib/states";
import { EVERY_PROJECT, projectOption, projectsQuery } from "./access";
import { useChangeWebhook, useCreateWebhook, type Webhook } from "./webhooks";

interface Props {
  webhook?: Webhook;
  onClose: () => void;
  onMade: (webhook: { url: string; secret: string }) => void;
}

/** Asks for the address of a webhook and what it is told; changes one if it is given. */
export function WebhookForm({ webhook, onClose, onMade }: Props) {
  const create = useCreateWebhook();
  const change = useChangeWebhook();
  const { data: projects } = useQuery(projectsQuery);
  const [url, setUrl] = useState(webhook?.url ?? "");
  const [project, setProject] = useState(webhook?.project ?? EVERY_PROJECT);
  const [states, setStates] = useState<readonly JobState[]>(webhook?.states ?? []);
  const { error, isPending } = webhook ? change : create;
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    if (webhook)
      change.mutate({ id: webhook.id, changes: { url, states: [...states] } }, { onSuccess: onClose });
    else create.mutate({ url, project, states: [...states], enabled: true }, { onSuccess: onMade });
  };
  return (
    <Modal title={webhook ? "Change the webhook" : "New webhook"} wide onClose={onClose}>
      <form className="stack" onSubmit={send}>
        {error && !isAllBesideFields(error, ["url", "states", "project"]) && <ErrorNotice error={error} />}
        <Field
          label="Address"
          hint="It is sent a signed POST (Standard Webhooks) for each event. Private networks are refused unless the server allows them."
          error={fieldProblem(error, "url")}
        >
          {(control) => (
            <input
              {...control}
              className="input"
              type="url"
              required
              placeholder="https://example.com/hooks/stillhouse"
              value={url}
              onChange={(event) => setUrl(event.target.value)}
            />
          )}
        </Field>
        {!webhook && (
          <Field label="Jobs of" error={fieldProblem(error, "project")}>
            {(control) => (
              <Choice
                {...control}
                options={[EVERY_PROJECT, ...(projects?.items.map(({ name }) => name) ?? [])].map(
                  projectOption,
                )}
                value={project}
                onChange={setProject}
              />
            )}
          </Field>
        )}
        <StateChoice chosen={states} onChange={setStates} />
        <div className="dialog-actions">
          <button type="submit" className="button primary" disabled={isPending}>
            {isPending ? "Saving" : webhook ? "Save" : "Make the webhook"}
          </button>
        </div>
      </form>
    </Modal>
  );
}

interface ChoiceProps {
  chosen: readonly JobState[];
  onChange: (states: JobState[]) => void;
}

function StateChoice({ chosen, onChange }: ChoiceProps) {
  return (
    <fieldset className="plain">
      <legend>Told when a job becomes</legend>
      <div className="checks">
        {JOB_STATES.map((state) => (
          <label key={state} className="check">
            <input
              type="checkbox"
              checked={chosen.includes(state)}
              onChange={(event) =>
                onChange(event.target.checked ? [...chosen, state] : chosen.filter((each) => each !== state))
              }
            />
            {state}
          </label>
        ))}
      </div>
      <p className="field-hint">None chosen: every change is told.</p>
    </fieldset>
  );
}
