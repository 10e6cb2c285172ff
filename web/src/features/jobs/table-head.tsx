import type { Table } from "@tanstack/react-table";
import type { JobSummary } from "@/api/types";
import type { JobSort } from "./queries";

interface Props {
  table: Table<JobSummary>;
  sort: JobSort;
  onSort: (sort: JobSort) => void;
}

// What one wants to see first when a column is chosen.
const RISING_FIRST = ["name", "state"];

/** Names of the columns; those that the server can sort by are buttons. */
export function TableHead({ table, sort, onSort }: Props) {
  const down = sort.startsWith("-");
  const sorted = sort.replace(/^-/, "");
  return (
    <thead>
      <tr>
        <th scope="col" className="cell-check">
          <SelectAll table={table} />
        </th>
        {table.getVisibleLeafColumns().map(({ id, columnDef: { meta } }) => {
          const by = meta?.sort;
          const active = by !== undefined && by === sorted;
          const next = active ? !down : by === undefined || !RISING_FIRST.includes(by);
          return (
            <th
              key={id}
              scope="col"
              className={meta?.numeric ? "right" : undefined}
              aria-sort={active ? (down ? "descending" : "ascending") : undefined}
            >
              {by === undefined ? (
                meta?.label
              ) : (
                <button type="button" className="sort" onClick={() => onSort(next ? `-${by}` : by)}>
                  {meta?.label}
                  <span className="sort-mark" aria-hidden="true">
                    {active ? (down ? "↓" : "↑") : ""}
                  </span>
                </button>
              )}
            </th>
          );
        })}
        <th scope="col">
          <span className="visually-hidden">Actions</span>
        </th>
      </tr>
    </thead>
  );
}

function SelectAll({ table }: { table: Table<JobSummary> }) {
  const some = table.getIsSomeRowsSelected();
  return (
    <input
      type="checkbox"
      aria-label="Select all loaded jobs"
      checked={table.getIsAllRowsSelected()}
      ref={(box) => {
        if (box) box.indeterminate = some;
      }}
      onChange={table.getToggleAllRowsSelectedHandler()}
    />
  );
}
