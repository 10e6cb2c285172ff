import type { ColumnDef } from "@tanstack/react-table";
import type { SweepSpec, Trial } from "@/api/types";
import { StateBadge } from "@/components/state-badge";
import { formatAp, formatDuration, formatValue, shortPath } from "@/lib/format";
import { objectiveOf } from "./trials";

declare module "@tanstack/react-table" {
  // The names of the parameters are the library's.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface ColumnMeta<TData, TValue> {
    right?: boolean;
  }
}

const RIGHT = { right: true };

/** Under population based training: from whom the trial took over its weights last. */
const TAKEN: ColumnDef<Trial> = {
  id: "taken",
  header: "Took over",
  accessorFn: (trial) => trial.exploits.at(-1)?.from_trial ?? undefined,
  cell: ({ row }) => {
    const last = row.original.exploits.at(-1);
    return last ? `${last.from_trial} at ${last.from_step}` : "–";
  },
  sortUndefined: "last",
  meta: RIGHT,
};

/** One column a dimension, between what a trial is and what it took. */
export function trialColumns(spec: SweepSpec): ColumnDef<Trial>[] {
  return [
    { id: "trial", header: "Trial", accessorFn: (trial) => trial.number, meta: RIGHT },
    { id: "role", header: "Role", accessorFn: roleOf },
    {
      id: "state",
      header: "State",
      accessorFn: (trial) => trial.state,
      cell: ({ row }) => (
        <span title={row.original.reason || undefined}>
          <StateBadge state={row.original.state} />
        </span>
      ),
    },
    {
      id: "objective",
      header: objectiveOf(spec).name,
      accessorFn: (trial) => trial.objective ?? undefined,
      cell: ({ row }) => <strong>{formatAp(row.original.objective)}</strong>,
      sortUndefined: "last",
      meta: RIGHT,
    },
    ...spec.further_objectives.map(({ metric }, index): ColumnDef<Trial> => ({
      id: `objective-${index + 1}`,
      header: metric,
      accessorFn: (trial) => trial.further_objectives[index] ?? undefined,
      cell: ({ row }) => formatValue(row.original.further_objectives[index] ?? "–"),
      sortUndefined: "last",
      meta: RIGHT,
    })),
    ...Object.keys(spec.space).map((path): ColumnDef<Trial> => ({
      id: path,
      header: shortPath(path),
      accessorFn: (trial) => trial.parameters[path],
      cell: ({ row }) => formatValue(row.original.parameters[path] ?? "–"),
      meta: RIGHT,
    })),
    ...(spec.scheduler.kind === "pbt" ? [TAKEN] : []),
    { id: "step", header: "Steps", accessorFn: (trial) => trial.step, meta: RIGHT },
    {
      id: "time",
      header: "Time",
      accessorFn: (trial) => trial.seconds,
      cell: ({ row }) => (row.original.ended_at ? formatDuration(row.original.seconds) : "–"),
      meta: RIGHT,
    },
  ];
}

export function roleOf({ role, repeats, seed }: Pick<Trial, "role" | "repeats" | "seed">): string {
  if (role === "finalist") return `repeats ${repeats}, seed ${seed}`;
  return role === "baseline" ? `baseline, seed ${seed}` : role;
}
