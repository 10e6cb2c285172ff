import { useQuery } from "@tanstack/react-query";
import { Tabs } from "radix-ui";
import { useEffect, useMemo, useRef } from "react";
import { baselineQuery } from "@/api/baselines";
import { useJobSource } from "@/api/live-source";
import type { Job, MetricSeries } from "@/api/types";
import { ErrorNotice, Loading } from "@/components/notices";
import { isFinal } from "@/lib/states";
import type { CurveSettings } from "./curve-controls";
import { watchedKeys } from "./curve-groups";
import { JobAttempts } from "./job-attempts";
import { JobCurves } from "./job-curves";
import { JobDiagnostics } from "./job-diagnostics";
import { JobEvents } from "./job-events";
import { JobFiles } from "./job-files";
import { JobLog } from "./job-log";
import { JobResources } from "./job-resources";
import { JobSpecView } from "./job-spec";
import type { DetectionsView } from "./detections-card";
import { artifactsQuery, metricsQuery } from "./queries";

export const JOB_TABS = {
  curves: "Curves and log",
  diagnostics: "Diagnostics",
  spec: "Spec",
  files: "Files and lineage",
  history: "Events and resources",
} as const;

export interface JobView extends CurveSettings, DetectionsView {
  tab?: keyof typeof JOB_TABS;
  /** The job that the spec is held against. */
  other?: string;
}

interface Props {
  job: Job;
  view: JobView;
  onView: (view: JobView) => void;
}

const NONE: MetricSeries[] = [];

export function JobTabs({ job, view, onView }: Props) {
  const metrics = useQuery(metricsQuery(job.id, job.state));
  const artifacts = useQuery(artifactsQuery(job.id)).data?.items ?? [];
  const baseline = useQuery(baselineQuery(job)).data ?? null;
  const series = metrics.data?.series ?? NONE;
  const keys = useWatchedKeys(series, job);
  useLastLook(isFinal(job.state), metrics.refetch);
  useJobSource(isFinal(job.state) || metrics.isPending ? null : job.id, keys);
  return (
    <Tabs.Root
      value={view.tab ?? "curves"}
      onValueChange={(tab) =>
        onView({ ...view, tab: tab === "curves" ? undefined : (tab as JobView["tab"]) })
      }
    >
      <Tabs.List className="tabs" aria-label="Parts of the job">
        {Object.entries(JOB_TABS).map(([name, title]) => (
          <Tabs.Trigger key={name} value={name} className="tab">
            {title}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <Tabs.Content value="curves" className="tab-content">
        {metrics.isError && !metrics.data && (
          <ErrorNotice error={metrics.error} onRetry={() => void metrics.refetch()} />
        )}
        {metrics.isPending && <Loading label="Reading the curves" height={260} />}
        {metrics.data && (
          <JobCurves
            job={job}
            series={series}
            baseline={baseline}
            settings={view}
            onSettings={(settings) => onView({ ...view, ...settings })}
          />
        )}
        <JobLog job={job} />
      </Tabs.Content>
      <Tabs.Content value="diagnostics" className="tab-content">
        {metrics.isPending ? (
          <Loading label="Reading the diagnostics" height={260} />
        ) : (
          <JobDiagnostics
            job={job}
            series={series}
            baseline={baseline}
            artifacts={artifacts}
            view={view}
            onView={(next) => onView({ ...view, ...next })}
          />
        )}
      </Tabs.Content>
      <Tabs.Content value="spec" className="tab-content">
        <JobSpecView job={job} other={view.other} onOther={(other) => onView({ ...view, other })} />
      </Tabs.Content>
      <Tabs.Content value="files" className="tab-content">
        <JobFiles job={job} artifacts={artifacts} />
      </Tabs.Content>
      <Tabs.Content value="history" className="tab-content">
        <div className="grid-two">
          <div className="stack">
            <JobEvents job={job} />
            <JobAttempts job={job} />
          </div>
          <JobResources job={job} series={series} />
        </div>
      </Tabs.Content>
    </Tabs.Root>
  );
}

/** The curves of a job that has just ended are read once more; after that nothing is asked of it. */
function useLastLook(final: boolean, look: () => unknown) {
  const before = useRef(final);
  useEffect(() => {
    if (final && !before.current) look();
    before.current = final;
  }, [final, look]);
}

/** The same list as long as it has the same keys, so that the connection stands. */
function useWatchedKeys(series: readonly MetricSeries[], job: Job): readonly string[] {
  const joined = watchedKeys(series, job).join("\n");
  return useMemo(() => joined.split("\n"), [joined]);
}
