import {
  flexRender,
  getCoreRowModel,
  getSortedRowModel,
  type SortingState,
  useReactTable,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useMemo, useRef } from "react";
import type { SweepSpec, Trial } from "@/api/types";
import { ScrollRegion } from "@/components/scroll-region";
import { TrialActions, type TrialAction } from "./trial-actions";
import { trialColumns } from "./trial-columns";

interface Props {
  spec: SweepSpec;
  trials: readonly Trial[];
  sorting: SortingState;
  highlighted: number | null;
  onSorting: (sorting: SortingState) => void;
  onHighlight: (id: number | null) => void;
  onAction: (action: TrialAction, trial: Trial) => void;
}

const ROW_PX = 38;

/** All trials that the brush leaves, sortable by every column. Only the rows in sight are in the page. */
export const TrialTable = memo(function TrialTable(props: Props) {
  const { spec, trials, sorting, highlighted, onSorting, onHighlight, onAction } = props;
  const columns = useMemo(() => trialColumns(spec), [spec]);
  const data = useMemo(() => [...trials], [trials]);
  const frame = useRef<HTMLDivElement>(null);
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
  const { rows } = table.getRowModel();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  const inSight = virtual.getVirtualItems();
  const above = inSight[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (inSight.at(-1)?.end ?? 0);
  const headers = table.getFlatHeaders();
  return (
    <ScrollRegion className="table-wrap scroll" label="Trials" ref={frame}>
      <table className="table dense trials" aria-label="Trials" aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {headers.map((header) => {
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
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <Gap height={above} columns={headers.length + 1} />
          {inSight.map(({ index }) => {
            const row = rows[index];
            if (!row) return null;
            return (
              <tr
                key={row.id}
                aria-rowindex={index + 2}
                className={row.original.number === highlighted ? "highlighted" : undefined}
                onPointerEnter={() => onHighlight(row.original.number)}
                onPointerLeave={() => onHighlight(null)}
              >
                {row.getVisibleCells().map((cell) => (
                  <td key={cell.id} className={cell.column.columnDef.meta?.right ? "right num" : undefined}>
                    {flexRender(cell.column.columnDef.cell, cell.getContext())}
                  </td>
                ))}
                <td className="cell-actions">
                  <TrialActions trial={row.original} onAction={onAction} />
                </td>
              </tr>
            );
          })}
          <Gap height={below} columns={headers.length + 1} />
        </tbody>
      </table>
    </ScrollRegion>
  );
});

/** Stands for the rows out of sight. */
function Gap({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden="true" className="gap">
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}
