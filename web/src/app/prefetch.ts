/** What pages are about is asked for beside their script, not after it. */
import { noop, type QueryClient } from "@tanstack/react-query";
import { jobQuery } from "@/api/jobs";
import { metricsQuery } from "@/features/job/queries";
import { countsQuery, jobsQuery } from "@/features/jobs/queries";
import { trialsQuery } from "@/features/sweep/queries";
import type { JobsView } from "./search";

// What is in the cache is renewed by the page itself.
const ONCE = { staleTime: Infinity };

/** `aimed`: the page is not open, its link is pointed at. */
export function prefetchJob(client: QueryClient, id: string, aimed: boolean): void {
  unwatched(client.query({ ...jobQuery(id), ...ONCE }));
  if (!aimed) unwatched(client.query({ ...metricsQuery(id, "running"), ...ONCE }));
}

export function prefetchSweep(client: QueryClient, id: string, aimed: boolean): void {
  unwatched(client.query({ ...jobQuery(id), ...ONCE }));
  if (!aimed) unwatched(client.query({ ...trialsQuery(id, "running"), ...ONCE }));
}

export function prefetchJobs(client: QueryClient, view: JobsView): void {
  const filter = { ...view, sort: undefined, cols: undefined };
  unwatched(client.infiniteQuery({ ...jobsQuery(filter, view.sort), ...ONCE }));
  unwatched(client.query({ ...countsQuery(filter), ...ONCE }));
}

/** What was wrong is said by the page, which looks at the same query. */
function unwatched(answer: Promise<unknown>): void {
  answer.catch(noop);
}
