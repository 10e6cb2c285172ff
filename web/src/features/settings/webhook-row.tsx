import { ConfirmButton } from "@/components/confirm-button";
import { ErrorNotice } from "@/components/notices";
import { TimeAgo } from "@/components/time-ago";
import { projectWords } from "./access";
import { useChangeWebhook, useDeleteWebhook, useTestWebhook, type Webhook } from "./webhooks";

interface Props {
  webhook: Webhook;
  open: boolean;
  onToggle: () => void;
  onEdit: () => void;
}

/** One webhook: where it goes, how it stands, what can be done with it. */
export function WebhookRow({ webhook, open, onToggle, onEdit }: Props) {
  const change = useChangeWebhook();
  const remove = useDeleteWebhook();
  const test = useTestWebhook();
  const error = change.error ?? remove.error ?? test.error;
  const busy = change.isPending || remove.isPending || test.isPending;
  return (
    <li className={open ? "row-item open" : "row-item"}>
      <div className="row-main">
        <strong className="wrap-anywhere">{webhook.url}</strong>
        <span className="sub">
          jobs of {projectWords(webhook.project)},{" "}
          {webhook.states.length > 0 ? `when ${webhook.states.join(", ")}` : "every change"}; made by{" "}
          {webhook.created_by} <TimeAgo at={webhook.created_at} />
        </span>
        {webhook.disabled_reason && <span className="field-error">{webhook.disabled_reason}</span>}
        {error && <ErrorNotice error={error} />}
      </div>
      <Standing webhook={webhook} />
      <div className="row-actions">
        <button type="button" className="button small" aria-expanded={open} onClick={onToggle}>
          Deliveries
        </button>
        <button
          type="button"
          className="button small"
          disabled={busy}
          onClick={() => test.mutate(webhook.id, { onSuccess: () => !open && onToggle() })}
        >
          Send a test
        </button>
        <button
          type="button"
          className="button small"
          disabled={busy}
          onClick={() => change.mutate({ id: webhook.id, changes: { enabled: !webhook.enabled } })}
        >
          {webhook.enabled ? "Disable" : "Enable"}
        </button>
        <button type="button" className="button small" onClick={onEdit}>
          Change
        </button>
        <ConfirmButton
          small
          label="Delete"
          title="Delete this webhook?"
          confirm="Delete it"
          busy={busy}
          onConfirm={() => remove.mutate(webhook.id)}
        >
          <p>{webhook.url} is told nothing any more, and its log of deliveries goes.</p>
        </ConfirmButton>
      </div>
    </li>
  );
}

function Standing({ webhook }: { webhook: Webhook }) {
  if (!webhook.enabled) return <span className="badge">disabled</span>;
  if (webhook.failing_since)
    return (
      <span className="badge badge-failed">
        failing for&nbsp;
        <TimeAgo at={webhook.failing_since} suffix="" />
      </span>
    );
  return <span className="badge badge-succeeded">enabled</span>;
}
