import { flexRender, type Row } from "@tanstack/react-table";
import { memo } from "react";
import type { JobSummary } from "@/api/types";
import { RowActions } from "./row-actions";

interface Props {
  row: Row<JobSummary>;
  index: number;
  selected: boolean;
  /** The columns that are shown, joined: a row is drawn anew when they change. */
  columns: string;
  measure: ((element: HTMLElement | null) => void) | undefined;
}

/** One job. Drawn once: the rows that stay in sight are left alone while the table is scrolled. */
export const TableRow = memo(function TableRow({ row, index, selected, measure }: Props) {
  const job = row.original;
  return (
    <tr
      ref={measure}
      data-index={index}
      aria-rowindex={index + 2}
      className={selected ? "highlighted" : undefined}
    >
      <td className="cell-check">
        <input
          type="checkbox"
          aria-label={`Select ${job.name}`}
          checked={selected}
          onChange={row.getToggleSelectedHandler()}
        />
      </td>
      {row.getVisibleCells().map(({ id, column, getContext }) => {
        const { meta, cell } = column.columnDef;
        const content = flexRender(cell, getContext());
        const className = `${meta?.numeric ? "right num " : ""}${meta?.className ?? ""}`;
        return column.id === "name" ? (
          <th key={id} scope="row" className={className}>
            {content}
          </th>
        ) : (
          <td
            key={id}
            className={className}
            data-label={meta?.numeric || meta?.className === "cell-text" ? meta.label : undefined}
          >
            {content}
          </td>
        );
      })}
      <td className="cell-actions">
        <RowActions job={job} />
      </td>
    </tr>
  );
});
