/** The columns of the table of jobs. */
import { Link } from "@tanstack/react-router";
import { createColumnHelper } from "@tanstack/react-table";
import type { JobSummary } from "@/api/types";
import { ProgressBar } from "@/components/progress-bar";
import { StateBadge } from "@/components/state-badge";
import { TimeAgo } from "@/components/time-ago";
import { formatAp, formatGain, formatShort } from "@/lib/format";
import { isFinal } from "@/lib/states";
import { ApSpark } from "./ap-spark";
import { Elapsed } from "./elapsed";
import type { Gain } from "@/lib/gain";
import type { JobSort } from "./queries";

type SortField = Exclude<JobSort, `-${string}`>;

declare module "@tanstack/react-table" {
  interface ColumnMeta<TData, TValue> {
    label?: string;
    /** What the server calls the order of this column. */
    sort?: SortField;
    numeric?: boolean;
    className?: string;
    // The parameters have to be named as in the library's own declaration.
    _types?: [TData, TValue];
  }
}

export interface JobRow {
  job: JobSummary;
  gain: Gain | null;
}

const column = createColumnHelper<JobRow>();

export const COLUMNS = [
  column.display({
    id: "name",
    meta: { label: "Name", sort: "name", className: "cell-name" },
    enableHiding: false,
    cell: ({ row: { original } }) => <NameCell job={original.job} />,
  }),
  column.display({
    id: "state",
    meta: { label: "State", sort: "state", className: "cell-state" },
    cell: ({ row: { original } }) => (
      <>
        <StateBadge state={original.job.state} />
        {original.job.reason && (
          <span className="sub reason" title={original.job.reason}>
            {original.job.reason}
          </span>
        )}
      </>
    ),
  }),
  column.display({
    id: "progress",
    meta: { label: "Progress", className: "cell-progress" },
    cell: ({ row: { original } }) => (
      <ProgressBar
        progress={original.job.progress}
        label={`Progress of ${original.job.name}`}
        unit={original.job.kind === "sweep" ? "trials" : "steps"}
        live={!isFinal(original.job.state)}
      />
    ),
  }),
  column.display({
    id: "ap",
    meta: { label: "Best AP", sort: "ap", numeric: true, className: "strong" },
    cell: ({ row: { original } }) => formatAp(original.job.best_ap),
  }),
  column.display({
    id: "gain",
    meta: { label: "Gain", numeric: true },
    cell: ({ row: { original } }) => <GainCell gain={original.gain} />,
  }),
  column.display({
    id: "spark",
    meta: { label: "AP over steps", className: "cell-spark" },
    cell: ({ row: { original } }) => <ApSpark job={original.job} />,
  }),
  column.display({
    id: "teacherAp",
    meta: { label: "Teacher AP", numeric: true },
    cell: ({ row: { original } }) => formatAp(original.job.metrics["teacher/AP"]),
  }),
  column.display({
    id: "teacher",
    meta: { label: "Teacher", className: "cell-text" },
    cell: ({ row: { original } }) =>
      original.job.teacher === null ? (
        <span className="faint">none</span>
      ) : (
        <span title={original.job.teacher}>{formatShort(original.job.teacher)}</span>
      ),
  }),
  column.display({
    id: "student",
    meta: { label: "Student", className: "cell-text" },
    cell: ({ row: { original } }) => original.job.student,
  }),
  column.display({
    id: "tags",
    meta: { label: "Tags", className: "cell-text" },
    cell: ({ row: { original } }) =>
      original.job.tags.map((tag) => (
        <span key={tag} className="tag">
          {tag}
        </span>
      )),
  }),
  column.display({
    id: "priority",
    meta: { label: "Priority", sort: "priority", numeric: true },
    cell: ({ row: { original } }) => original.job.priority,
  }),
  column.display({
    id: "attempt",
    meta: { label: "Attempts", numeric: true },
    cell: ({ row: { original } }) => original.job.attempt,
  }),
  column.display({
    id: "time",
    meta: { label: "Run time", numeric: true },
    cell: ({ row: { original } }) => <Elapsed job={original.job} />,
  }),
  column.display({
    id: "updated",
    meta: { label: "Changed", sort: "updated", numeric: true },
    cell: ({ row: { original } }) => <TimeAgo at={original.job.updated_at} suffix="" />,
  }),
  column.display({
    id: "created",
    meta: { label: "Age", sort: "created", numeric: true },
    cell: ({ row: { original } }) => <TimeAgo at={original.job.created_at} suffix="" />,
  }),
];

export const COLUMN_IDS: readonly string[] = COLUMNS.map(({ id }) => id ?? "");
export const SHOWN_AT_FIRST: readonly string[] = [
  "name",
  "state",
  "progress",
  "ap",
  "gain",
  "spark",
  "teacher",
  "student",
  "created",
];

function NameCell({ job }: { job: JobSummary }) {
  return (
    <>
      <Link to={job.kind === "sweep" ? "/sweeps/$id" : "/jobs/$id"} params={{ id: job.id }} title={job.name}>
        {job.name}
      </Link>
      <span className="sub">
        <span className={`kind kind-${job.kind}`}>{job.kind}</span> {job.project}
      </span>
    </>
  );
}

function GainCell({ gain }: { gain: Gain | null }) {
  if (!gain) return <span className="faint">–</span>;
  const tone = gain.ap > 0.05 ? "good" : gain.ap < -0.05 ? "bad" : "";
  return (
    <span
      className={`gain ${tone}`}
      title={`Over ${gain.over.name} (${formatAp(gain.over.best_ap)} AP), the best training without a teacher that has the same project, kind of student and number of steps`}
    >
      {formatGain(gain.ap)}
    </span>
  );
}
