/** The order of the queue, and which priorities bring a job to another place in it. */
import type { JobSummary } from "@/api/types";

export const LOWEST = -100;
export const HIGHEST = 100;

type Waiting = Pick<JobSummary, "id" | "priority" | "created_at">;

export interface PriorityChange {
  id: string;
  priority: number;
}

/** As the reconciler serves them: the higher priority first, then the older. */
export function inOrder<T extends Waiting>(jobs: readonly T[]): T[] {
  return [...jobs].sort((a, b) => b.priority - a.priority || Number(older(b, a)) - Number(older(a, b)));
}

function older(a: Waiting, b: Waiting): boolean {
  return a.created_at < b.created_at || (a.created_at === b.created_at && a.id < b.id);
}

/** The least priority with which `job` stands before `next`. */
function leastBefore(job: Waiting, next: Waiting, priority: number): number {
  return priority + (older(job, next) ? 0 : 1);
}

/**
 * The changes that bring the job at `from` to place `to` and leave the order of the others: none where it stands there,
 * null where the priorities have no room for it.
 */
export function moveTo(queue: readonly Waiting[], from: number, to: number): PriorityChange[] | null {
  const moved = queue[from];
  if (!moved || from === to || to < 0 || to >= queue.length) return [];
  const wanted = queue.filter((job) => job !== moved);
  wanted.splice(to, 0, moved);
  const priorities = new Map(queue.map((job) => [job.id, job.priority]));
  const at = (job: Waiting) => priorities.get(job.id) ?? job.priority;
  const next = wanted[to + 1];
  const before = wanted[to - 1];
  if (next) priorities.set(moved.id, leastBefore(moved, next, at(next)));
  else if (before)
    priorities.set(moved.id, Math.min(moved.priority, before.priority - (older(moved, before) ? 1 : 0)));
  for (let place = to - 1; place >= 0; place -= 1) {
    const job = wanted[place];
    const after = wanted[place + 1];
    if (job && after) priorities.set(job.id, Math.max(at(job), leastBefore(job, after, at(after))));
  }
  const changes = queue
    .filter((job) => at(job) !== job.priority)
    .map((job) => ({ id: job.id, priority: at(job) }));
  return changes.every(({ priority }) => priority >= LOWEST && priority <= HIGHEST) ? changes : null;
}
