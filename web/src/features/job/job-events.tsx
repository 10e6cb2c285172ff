import { useQuery } from "@tanstack/react-query";
import type { Job } from "@/api/types";
import { Card } from "@/components/card";
import { StateBadge } from "@/components/state-badge";
import { TimeAgo } from "@/components/time-ago";
import { eventsQuery } from "./queries";

/** Every change of the job's state, newest first. */
export function JobEvents({ job }: { job: Job }) {
  const { data } = useQuery(eventsQuery(job.id, job.state));
  return (
    <Card title="Events">
      <ol className="timeline">
        {data?.items.toReversed().map((event) => (
          <li key={event.id}>
            <StateBadge state={event.to_state} />
            <span className="timeline-what">
              {event.cause}
              <span className="sub">
                {event.actor}
                {event.attempt ? `, attempt ${event.attempt}` : ""}
              </span>
            </span>
            <span className="num faint">
              <TimeAgo at={event.at} />
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
