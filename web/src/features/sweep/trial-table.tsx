import {
  type ColumnDef,
  flexRender,
  getCoreRowModel,
  getSortedRowModel,
  type SortingState,
  useReactTable,
} from "@tanstack/react-table";
import { useMemo } from "react";
import type { SweepSpec, Trial } from "@/api/types";
import { StateBadge } from "@/components/state-badge";
import { formatAp, formatDuration, formatValue, shortPath } from "@/lib/format";
import { objectiveOf } from "./trials";

interface Props {
  spec: SweepSpec;
  trials: readonly Trial[];
  sorting: SortingState;
  highlighted: number | null;
  onSorting: (sorting: SortingState) => void;
  onHighlight: (id: number | null) => void;
}

/** All trials that the brush leaves, sortable by every column. */
export function TrialTable({ spec, trials, sorting, highlighted, onSorting, onHighlight }: Props) {
  const columns = useMemo(() => columnsOf(spec), [spec]);
  const data = useMemo(() => [...trials], [trials]);
  // eslint-disable-next-line react-hooks/incompatible-library -- the table keeps its own state; nothing of it is memoised here
  const table = useReactTable({
    data,
    columns,
    state: { sorting },
    onSortingChange: (change) => onSorting(typeof change === "function" ? change(sorting) : change),
    getCoreRowModel: getCoreRowModel(),
    getSortedRowModel: getSortedRowModel(),
    getRowId: (trial) => String(trial.number),
  });
  return (
    <div className="table-wrap scroll">
      <table className="table dense" aria-label="Trials">
        <thead>
          <tr>
            {table.getFlatHeaders().map((header) => {
              const sorted = header.column.getIsSorted();
              return (
                <th
                  key={header.id}
                  scope="col"
                  className={header.column.columnDef.meta?.right ? "right" : undefined}
                  aria-sort={sorted === "asc" ? "ascending" : sorted === "desc" ? "descending" : "none"}
                >
                  <button
                    type="button"
                    className="sort"
                    onClick={header.column.getToggleSortingHandler()}
                    title={header.column.id}
                  >
                    {flexRender(header.column.columnDef.header, header.getContext())}
                    <span aria-hidden="true" className="sort-mark">
                      {sorted === "asc" ? "↑" : sorted === "desc" ? "↓" : ""}
                    </span>
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr
              key={row.id}
              className={row.original.number === highlighted ? "highlighted" : undefined}
              onPointerEnter={() => onHighlight(row.original.number)}
              onPointerLeave={() => onHighlight(null)}
            >
              {row.getVisibleCells().map((cell) => (
                <td key={cell.id} className={cell.column.columnDef.meta?.right ? "right num" : undefined}>
                  {flexRender(cell.column.columnDef.cell, cell.getContext())}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

declare module "@tanstack/react-table" {
  // The names of the parameters are the library's.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface ColumnMeta<TData, TValue> {
    right?: boolean;
  }
}

function columnsOf(spec: SweepSpec): ColumnDef<Trial>[] {
  const right = { right: true };
  return [
    { id: "trial", header: "Trial", accessorFn: (trial) => trial.number, meta: right },
    { id: "role", header: "Role", accessorFn: roleOf },
    {
      id: "state",
      header: "State",
      accessorFn: (trial) => trial.state,
      cell: ({ row }) => <StateBadge state={row.original.state} />,
    },
    {
      id: "objective",
      header: objectiveOf(spec).name,
      accessorFn: (trial) => trial.objective ?? undefined,
      cell: ({ row }) => <strong>{formatAp(row.original.objective)}</strong>,
      sortUndefined: "last",
      meta: right,
    },
    ...Object.keys(spec.space).map((path): ColumnDef<Trial> => ({
      id: path,
      header: shortPath(path),
      accessorFn: (trial) => trial.parameters[path],
      cell: ({ row }) => formatValue(row.original.parameters[path]),
      meta: right,
    })),
    { id: "step", header: "Steps", accessorFn: (trial) => trial.step, meta: right },
    {
      id: "time",
      header: "Time",
      accessorFn: seconds,
      cell: ({ row }) => (row.original.ended_at ? formatDuration(seconds(row.original)) : "–"),
      meta: right,
    },
    {
      id: "run",
      header: "Run",
      enableSorting: false,
      cell: ({ row }) =>
        row.original.mlflow_url && (
          <a href={row.original.mlflow_url} aria-label={`Run of trial ${row.original.number} in MLflow`}>
            MLflow
          </a>
        ),
    },
  ];
}

function roleOf({ role, repeats, seed }: Trial): string {
  if (role === "finalist") return `repeats ${repeats}, seed ${seed}`;
  return role === "baseline" ? `baseline, seed ${seed}` : role;
}

function seconds(trial: Trial): number {
  return trial.seconds;
}
