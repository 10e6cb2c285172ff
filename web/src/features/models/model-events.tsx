import { useQuery } from "@tanstack/react-query";
import { Card } from "@/components/card";
import { ErrorNotice, Loading } from "@/components/notices";
import { TimeAgo } from "@/components/time-ago";
import { type ModelEvent, modelEventsQuery } from "./queries";

/** What was done with a model and by whom, newest first. */
export function ModelEvents({ name }: { name: string }) {
  const { data, error, refetch } = useQuery(modelEventsQuery(name));
  return (
    <Card title="History">
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Reading the history" height={80} />}
      <ol className="timeline">
        {[...(data?.items ?? [])].reverse().map((event) => (
          <li key={event.id}>
            <span className="faint">
              <TimeAgo at={event.at} />
            </span>
            <span className="timeline-what">
              {eventWords(event)}
              {event.note && <span className="sub">“{event.note}”</span>}
            </span>
            <span className="faint">{event.actor}</span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

export function eventWords({ action, alias, version, previous }: ModelEvent): string {
  const which = version === null ? "the model" : `version ${version}`;
  switch (action) {
    case "registered":
      return `${which} was registered`;
    case "promoted":
      return `${which} became ${alias}${previous === null ? "" : `, after version ${previous}`}`;
    case "rolled back":
      return `${alias} went back to ${which}${previous === null ? "" : `, from version ${previous}`}`;
    case "demoted":
      return `${alias} was taken away${previous === null ? "" : ` from version ${previous}`}`;
    case "deleted":
      return `${which} was deleted`;
  }
}
