import { type Column, getCoreRowModel, type RowSelectionState, useReactTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef } from "react";
import type { JobSummary } from "@/api/types";
import { PHONE, useMedia } from "@/lib/media";
import { ScrollingContext } from "./ap-spark";
import { COLUMN_IDS, COLUMNS, NAME_PX } from "./columns";
import type { JobSort } from "./queries";
import { TableHead } from "./table-head";
import { TableRow } from "./table-row";

interface Props {
  jobs: readonly JobSummary[];
  columns: readonly string[];
  sort: JobSort;
  selected: RowSelectionState;
  /** How many rows there are on the server, as far as that is known. */
  total?: number;
  onSort: (sort: JobSort) => void;
  onSelected: (selected: RowSelectionState) => void;
  onEnd: () => void;
}

const ROW_PX = 61;
const CHECK_PX = 40;
const ACTIONS_PX = 54;

/** One row a job; only the rows that are in sight are drawn. On a phone each row becomes a card, by style alone. */
export function JobsTable(props: Props) {
  const { jobs, columns, selected, onEnd } = props;
  const rows = useMemo(() => [...jobs], [jobs]);
  const visibility = useMemo(
    () => Object.fromEntries(COLUMN_IDS.map((id) => [id, id === "name" || columns.includes(id)])),
    [columns],
  );
  const table = useReactTable({
    data: rows,
    columns: COLUMNS,
    getCoreRowModel: getCoreRowModel(),
    getRowId: ({ id }) => id,
    manualSorting: true,
    state: { columnVisibility: visibility, rowSelection: selected },
    onRowSelectionChange: (change) =>
      props.onSelected(typeof change === "function" ? change(selected) : change),
  });
  const box = useRef<HTMLDivElement>(null);
  const model = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: model.length,
    getScrollElement: () => box.current,
    getItemKey: (index) => model[index]?.id ?? index,
    estimateSize: () => ROW_PX,
    overscan: 6,
  });
  // Rows of a table are all of one height; cards are as high as what they hold.
  const phone = useMedia(PHONE);
  const items = virtual.getVirtualItems();
  const first = items[0]?.start ?? 0;
  const rest = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const atEnd = (items.at(-1)?.index ?? 0) >= model.length - 15;
  useEffect(() => {
    if (atEnd) onEnd();
  }, [atEnd, model.length, onEnd]);
  const leaves = table.getVisibleLeafColumns();
  const width = leaves.length + 2;
  const shown = leaves.map(({ id }) => id).join();
  return (
    <ScrollingContext value={virtual.isScrolling}>
      <div ref={box} className="table-wrap virtual">
        <table
          className="table jobs-table"
          style={phone ? undefined : { minWidth: widthOf(leaves) }}
          aria-rowcount={(props.total ?? model.length) + 1}
        >
          <caption className="visually-hidden">Jobs and sweeps</caption>
          <colgroup>
            <col style={{ width: CHECK_PX }} />
            {leaves.map(({ id, columnDef: { meta } }) => (
              <col key={id} style={{ width: meta?.width }} />
            ))}
            <col style={{ width: ACTIONS_PX }} />
          </colgroup>
          <TableHead table={table} sort={props.sort} onSort={props.onSort} />
          <tbody>
            <Gap height={first} width={width} />
            {items.map((item) => {
              const row = model[item.index];
              return (
                row && (
                  <TableRow
                    key={item.key}
                    row={row}
                    index={item.index}
                    selected={selected[row.id] === true}
                    columns={shown}
                    measure={phone ? virtual.measureElement : undefined}
                  />
                )
              );
            })}
            <Gap height={rest} width={width} />
          </tbody>
        </table>
      </div>
    </ScrollingContext>
  );
}

/** Columns have a width of their own, so that none moves when other rows come into sight. */
function widthOf(columns: readonly Column<JobSummary>[]): number {
  return columns.reduce(
    (sum, { columnDef: { meta } }) => sum + (meta?.width ?? NAME_PX),
    CHECK_PX + ACTIONS_PX,
  );
}

/** The room of the rows that are not drawn. */
function Gap({ height, width }: { height: number; width: number }) {
  if (height <= 0) return null;
  return (
    <tr className="gap" aria-hidden="true">
      <td colSpan={width} style={{ height }} />
    </tr>
  );
}
