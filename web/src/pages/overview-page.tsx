import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { JobState } from "@/api/types";
import { ErrorNotice, Loading } from "@/components/notices";
import { ClusterStrip } from "@/features/cluster/cluster-strip";
import { countsQuery, jobsQuery } from "@/features/jobs/queries";
import { FirstSteps } from "@/features/overview/first-steps";
import { JobCards } from "@/features/overview/job-cards";
import { isFinal, JOB_STATES } from "@/lib/states";

const WAITING: JobState[] = ["queued", "paused"];
const ENDED = JOB_STATES.filter(isFinal);
const RUNNING = JOB_STATES.filter((state) => !WAITING.includes(state) && !ENDED.includes(state));
const TRAINED: JobState[] = ["succeeded"];
const SHOWN = 8;

export function OverviewPage() {
  const running = useInfiniteQuery(jobsQuery({ state: RUNNING }, "state", SHOWN));
  const waiting = useInfiniteQuery(jobsQuery({ state: WAITING }, "state", SHOWN));
  const ended = useInfiniteQuery(jobsQuery({ state: ENDED }, "-updated", SHOWN));
  const best = useInfiniteQuery(jobsQuery({ kind: "job", state: TRAINED }, "-ap", SHOWN));
  const counts = useQuery(countsQuery({}));
  const lists = [running, waiting, ended];
  const failed = lists.find(({ error }) => error !== null);
  const read = lists.every(({ data }) => data !== undefined);
  // A job that has just moved on is in the list that it comes from until that is read again.
  const jobs = new Map(
    lists.flatMap(({ data }) => data?.pages.flatMap((page) => page.items) ?? []).map((job) => [job.id, job]),
  );
  return (
    <main className="page">
      <h1>Overview</h1>
      <ClusterStrip />
      {failed && <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />}
      {!read && !failed && <Loading label="Reading the jobs" height={240} />}
      {read && jobs.size === 0 && <FirstSteps />}
      {read && jobs.size > 0 && (
        <JobCards
          jobs={[...jobs.values()]}
          best={best.data?.pages.flatMap((page) => page.items).filter((job) => job.best_ap !== null) ?? []}
          states={{ running: RUNNING, waiting: WAITING, ended: ENDED }}
          counts={counts.data?.by_state ?? {}}
        />
      )}
    </main>
  );
}
