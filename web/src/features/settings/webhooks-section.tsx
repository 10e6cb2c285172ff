import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Card } from "@/components/card";
import { LoadMore } from "@/components/load-more";
import { EmptyState, ErrorNotice, Loading } from "@/components/notices";
import { Deliveries } from "./deliveries";
import { SecretModal } from "./secret-modal";
import { WebhookForm } from "./webhook-form";
import { WebhookRow } from "./webhook-row";
import { type DeliveryState, type Webhook, webhooksQuery } from "./webhooks";

export interface WebhookView {
  webhook?: string;
  delivery?: DeliveryState;
}

interface Props {
  view: WebhookView;
  onView: (view: WebhookView) => void;
}

/** Who is told of what happens to jobs, and whether that got through. The one that is looked at is in the URL. */
export function WebhooksSection({ view, onView }: Props) {
  const query = useInfiniteQuery(webhooksQuery);
  const [edited, setEdited] = useState<Webhook | "new" | null>(null);
  const [made, setMade] = useState<{ url: string; secret: string } | null>(null);
  const webhooks = query.data?.pages.flatMap((page) => page.items);
  const shown = webhooks?.find((webhook) => webhook.id === view.webhook);
  return (
    <>
      <Card
        title="Webhooks"
        actions={
          <button type="button" className="button primary small" onClick={() => setEdited("new")}>
            New webhook
          </button>
        }
      >
        <p className="hint lead">
          A webhook tells another program when a job changes its state, so that nobody has to ask again and
          again. What does not get through is tried again for a day.
        </p>
        {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
        {query.isPending && <Loading label="Reading the webhooks" />}
        {webhooks?.length === 0 && (
          <EmptyState title="No webhook yet">
            <p>
              Make one for your chat or your build server. Its secret signs each message, so that the receiver
              knows who sent it.
            </p>
          </EmptyState>
        )}
        {webhooks && webhooks.length > 0 && (
          <ul className="rows" aria-label="Webhooks">
            {webhooks.map((webhook) => (
              <WebhookRow
                key={webhook.id}
                webhook={webhook}
                open={webhook.id === view.webhook}
                onToggle={() => onView(webhook.id === view.webhook ? {} : { webhook: webhook.id })}
                onEdit={() => setEdited(webhook)}
              />
            ))}
          </ul>
        )}
        <LoadMore query={query} />
      </Card>
      {shown && (
        <Deliveries
          webhook={shown}
          state={view.delivery}
          onState={(delivery) => onView({ ...view, delivery })}
        />
      )}
      {edited && (
        <WebhookForm
          webhook={edited === "new" ? undefined : edited}
          onClose={() => setEdited(null)}
          onMade={(webhook) => {
            setEdited(null);
            setMade(webhook);
          }}
        />
      )}
      {made && (
        <SecretModal title="The webhook's secret" secret={made.secret} onClose={() => setMade(null)}>
          <p className="hint">
            Give it to the program behind {made.url}. It checks the header <code>webhook-signature</code> with
            it, as any library for Standard Webhooks does.
          </p>
        </SecretModal>
      )}
    </>
  );
}
