/** The columns of the table of jobs. */
import { Link } from "@tanstack/react-router";
import { createColumnHelper } from "@tanstack/react-table";
import type { JobSummary } from "@/api/types";
import { ProgressBar } from "@/components/progress-bar";
import { StateBadge } from "@/components/state-badge";
import { TimeAgo } from "@/components/time-ago";
import { formatAp, formatShort } from "@/lib/format";
import { isFinal } from "@/lib/states";
import { ApSpark } from "./ap-spark";
import { Elapsed } from "./elapsed";
import { GainCell } from "./gain-cell";
import type { JobSort } from "./queries";

type SortField = Exclude<JobSort, `-${string}`>;

declare module "@tanstack/react-table" {
  interface ColumnMeta<TData, TValue> {
    label?: string;
    /** What the server calls the order of this column. */
    sort?: SortField;
    numeric?: boolean;
    className?: string;
    /** Width of the column; the name takes what the others leave. */
    width?: number;
    // The parameters have to be named as in the library's own declaration.
    _types?: [TData, TValue];
  }
}

const column = createColumnHelper<JobSummary>();

export const COLUMNS = [
  column.display({
    id: "name",
    meta: { label: "Name", sort: "name", className: "cell-name" },
    enableHiding: false,
    cell: ({ row: { original } }) => <NameCell job={original} />,
  }),
  column.display({
    id: "state",
    meta: { width: 210, label: "State", sort: "state", className: "cell-state" },
    cell: ({ row: { original } }) => (
      <>
        <StateBadge state={original.state} />
        {original.reason && (
          <span className="sub reason" title={original.reason}>
            {original.reason}
          </span>
        )}
      </>
    ),
  }),
  column.display({
    id: "progress",
    meta: { width: 200, label: "Progress", className: "cell-progress" },
    cell: ({ row: { original } }) => (
      <ProgressBar
        progress={original.progress}
        label={`Progress of ${original.name}`}
        unit={original.kind === "sweep" ? "trials" : "steps"}
        live={!isFinal(original.state)}
      />
    ),
  }),
  column.display({
    id: "ap",
    meta: { width: 84, label: "Best AP", sort: "ap", numeric: true, className: "strong" },
    cell: ({ row: { original } }) => formatAp(original.best_ap),
  }),
  column.display({
    id: "gain",
    meta: { width: 74, label: "Gain", numeric: true },
    cell: ({ row: { original } }) => <GainCell job={original} />,
  }),
  column.display({
    id: "spark",
    meta: { width: 118, label: "AP over steps", className: "cell-spark" },
    cell: ({ row: { original } }) => <ApSpark job={original} />,
  }),
  column.display({
    id: "teacherAp",
    meta: { width: 98, label: "Teacher AP", numeric: true },
    cell: ({ row: { original } }) => formatAp(original.metrics["teacher/AP"]),
  }),
  column.display({
    id: "teacher",
    meta: { width: 156, label: "Teacher", className: "cell-text" },
    cell: ({ row: { original } }) =>
      original.teacher === null ? (
        <span className="faint">none</span>
      ) : (
        <span title={original.teacher}>{formatShort(original.teacher)}</span>
      ),
  }),
  column.display({
    id: "student",
    meta: { width: 150, label: "Student", className: "cell-text" },
    cell: ({ row: { original } }) => original.student,
  }),
  column.display({
    id: "tags",
    meta: { width: 170, label: "Tags", className: "cell-text" },
    cell: ({ row: { original } }) =>
      original.tags.map((tag) => (
        <span key={tag} className="tag">
          {tag}
        </span>
      )),
  }),
  column.display({
    id: "priority",
    meta: { width: 88, label: "Priority", sort: "priority", numeric: true },
    cell: ({ row: { original } }) => original.priority,
  }),
  column.display({
    id: "attempt",
    meta: { width: 90, label: "Attempts", numeric: true },
    cell: ({ row: { original } }) => original.attempt,
  }),
  column.display({
    id: "time",
    meta: { width: 112, label: "Run time", numeric: true },
    cell: ({ row: { original } }) => <Elapsed job={original} />,
  }),
  column.display({
    id: "updated",
    meta: { width: 92, label: "Changed", sort: "updated", numeric: true },
    cell: ({ row: { original } }) => <TimeAgo at={original.updated_at} suffix="" />,
  }),
  column.display({
    id: "created",
    meta: { width: 78, label: "Age", sort: "created", numeric: true },
    cell: ({ row: { original } }) => <TimeAgo at={original.created_at} suffix="" />,
  }),
];

export const NAME_PX = 210;
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
