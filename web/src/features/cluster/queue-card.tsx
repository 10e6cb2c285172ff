import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { JobSummary } from "@/api/types";
import { Card } from "@/components/card";
import { EmptyState, ErrorNotice, Loading } from "@/components/notices";
import { queueQuery, useReorder } from "./queries";
import { inOrder, moveTo } from "./queue";
import { QueueRow } from "./queue-row";

/** What waits, in the order in which it is served, and why. Rows move by dragging or by their buttons. */
export function QueueCard() {
  const query = useQuery(queueQuery);
  const reorder = useReorder();
  const [dragged, setDragged] = useState<number | null>(null);
  const [said, setSaid] = useState("");
  const jobs = query.data && inOrder(query.data.items);
  const move = (from: number, to: number) => {
    const job = jobs?.[from];
    if (!job) return;
    const changes = moveTo(jobs, from, to);
    if (changes === null) {
      setSaid(`There is no room: priorities go from -100 to 100. Lower some of the jobs above.`);
      return;
    }
    const known = new Map(jobs.map((each) => [each.id, each.revision]));
    reorder.mutate(changes.map((change) => ({ ...change, revision: known.get(change.id) ?? 0 })));
    setSaid(`${job.name} is now at place ${to + 1} of ${jobs.length}.`);
  };
  return (
    <Card
      title={jobs && jobs.length > 0 ? `Queue, ${jobs.length} waiting` : "Queue"}
      actions={
        jobs &&
        jobs.length > 1 && (
          <span className="hint">Drag a row, or use its arrows, to change who comes first</span>
        )
      }
    >
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {reorder.isError && <ErrorNotice error={reorder.error} />}
      {query.isPending && <Loading label="Reading the queue" />}
      <p className={said.startsWith("There is no room") ? "field-error" : "visually-hidden"} role="status">
        {said}
      </p>
      {jobs?.length === 0 && (
        <EmptyState title="Nothing waits">
          <p>
            What is submitted starts at once. Jobs that find the cluster full stand here, each with its
            reason.
          </p>
        </EmptyState>
      )}
      {jobs && jobs.length > 0 && (
        <ol className="queue" aria-label="Queue">
          {jobs.map((job: JobSummary, place) => (
            <QueueRow
              key={job.id}
              job={job}
              place={place}
              last={jobs.length - 1}
              busy={reorder.isPending}
              dragged={dragged === place}
              onDrag={setDragged}
              onDrop={() => {
                if (dragged !== null) move(dragged, place);
                setDragged(null);
              }}
              onMove={(to) => move(place, to)}
            />
          ))}
        </ol>
      )}
      {query.data?.next_cursor && <p className="hint">More wait behind these.</p>}
    </Card>
  );
}
