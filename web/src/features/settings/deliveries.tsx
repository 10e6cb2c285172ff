import { useInfiniteQuery } from "@tanstack/react-query";
import { Card } from "@/components/card";
import { LoadMore } from "@/components/load-more";
import { ErrorNotice, Loading } from "@/components/notices";
import { Segmented } from "@/components/segmented";
import { TimeAgo } from "@/components/time-ago";
import { formatNumber } from "@/lib/format";
import { deliveriesQuery, type Delivery, type DeliveryState, useRedeliver, type Webhook } from "./webhooks";

const STATES = [
  { value: "all", label: "All" },
  { value: "pending", label: "Pending" },
  { value: "delivered", label: "Delivered" },
  { value: "failed", label: "Failed" },
] as const;

const TONES: Record<DeliveryState, string> = {
  pending: "badge-pausing",
  delivered: "badge-succeeded",
  failed: "badge-failed",
};

interface Props {
  webhook: Webhook;
  state: DeliveryState | undefined;
  onState: (state: DeliveryState | undefined) => void;
}

/** What was sent to a webhook, with every try and its answer. */
export function Deliveries({ webhook, state, onState }: Props) {
  const query = useInfiniteQuery(deliveriesQuery(webhook.id, state));
  const redeliver = useRedeliver();
  const deliveries = query.data?.pages.flatMap((page) => page.items);
  return (
    <Card
      title={`Deliveries to ${new URL(webhook.url).host}`}
      actions={
        <Segmented
          label="Deliveries"
          value={state ?? "all"}
          options={STATES}
          onChange={(next) => onState(next === "all" ? undefined : next)}
        />
      }
    >
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {redeliver.isError && <ErrorNotice error={redeliver.error} />}
      {query.isPending && <Loading label="Reading the deliveries" />}
      {deliveries?.length === 0 && (
        <p className="hint">
          {state ? `Nothing is ${state}.` : "Nothing was sent yet. Send a test, or wait for a job to change."}
        </p>
      )}
      {deliveries && deliveries.length > 0 && (
        <ul className="rows" aria-label="Deliveries">
          {deliveries.map((delivery) => (
            <DeliveryRow
              key={delivery.id}
              delivery={delivery}
              busy={redeliver.isPending}
              onRedeliver={() => redeliver.mutate(delivery)}
            />
          ))}
        </ul>
      )}
      <LoadMore query={query} />
    </Card>
  );
}

interface RowProps {
  delivery: Delivery;
  busy: boolean;
  onRedeliver: () => void;
}

function DeliveryRow({ delivery, busy, onRedeliver }: RowProps) {
  const last = delivery.tries.at(-1);
  return (
    <li className="row-item">
      <details className="row-main">
        <summary>
          <span className={`badge ${TONES[delivery.state]}`}>{delivery.state}</span>{" "}
          <code>{delivery.kind}</code>{" "}
          <span className="faint">
            <TimeAgo at={delivery.created_at} />, {tryWords(delivery.num_tries)}
            {last && `, ${last.error ?? `answered ${last.status ?? "nothing"}`}`}
          </span>
        </summary>
        <Tries delivery={delivery} />
        <pre className="code" tabIndex={0} aria-label="What was sent">
          {pretty(delivery.body)}
        </pre>
      </details>
      <div className="row-actions">
        {delivery.state === "pending" && delivery.next_try_at && (
          <span className="hint">
            next try <TimeUntil at={delivery.next_try_at} />
          </span>
        )}
        <button type="button" className="button small" disabled={busy} onClick={onRedeliver}>
          Send again
        </button>
      </div>
    </li>
  );
}

function Tries({ delivery }: { delivery: Delivery }) {
  if (delivery.tries.length === 0) return <p className="hint">It was not tried yet.</p>;
  return (
    <table className="table dense" aria-label="Tries">
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col" className="right">
            Took
          </th>
          <th scope="col">Answer</th>
        </tr>
      </thead>
      <tbody>
        {delivery.tries.map((each) => (
          <tr key={each.at}>
            <td>
              <TimeAgo at={each.at} />
            </td>
            <td className="right num">{formatNumber(each.seconds)} s</td>
            <td className="wrap">{each.error ?? each.status}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function TimeUntil({ at }: { at: string }) {
  return <time dateTime={at}>{new Date(at).toLocaleTimeString("en-GB")}</time>;
}

function tryWords(count: number): string {
  return count === 1 ? "1 try" : `${count} tries`;
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body; // sent as it is, and so shown as it is
  }
}
