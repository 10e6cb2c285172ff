import { flexRender, type Row } from "@tanstack/react-table";
import type { JobSummary } from "@/api/types";
import { RowActions } from "./row-actions";

interface Props {
  row: Row<JobSummary>;
  index: number;
  measure: (element: HTMLElement | null) => void;
}

export function TableRow({ row, index, measure }: Props) {
  const job = row.original;
  return (
    <tr
      ref={measure}
      data-index={index}
      aria-rowindex={index + 2}
      className={row.getIsSelected() ? "highlighted" : undefined}
    >
      <td className="cell-check">
        <input
          type="checkbox"
          aria-label={`Select ${job.name}`}
          checked={row.getIsSelected()}
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
}
