import { Link } from "@tanstack/react-router";
import type { Schemas } from "@/api/client";
import { formatAp } from "@/lib/format";
import { StateBadge } from "./state-badge";
import { ScrollRegion } from "./scroll-region";

/** Jobs that learned from a model or a data set, and what became of them. */
export function Descendants({ items }: { items: readonly Schemas["Descendant"][] }) {
  return (
    <ScrollRegion className="table-wrap scroll" label="Jobs that learned from it">
      <table className="table dense stacked" aria-label="Jobs that learned from it">
        <thead>
          <tr>
            <th scope="col">Job</th>
            <th scope="col">State</th>
            <th scope="col">Named</th>
            <th scope="col" className="right">
              AP
            </th>
            <th scope="col">Student</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.job_id}>
              <th scope="row" className="cell-name">
                <Link to={item.kind === "sweep" ? "/sweeps/$id" : "/jobs/$id"} params={{ id: item.job_id }}>
                  {item.job_name}
                </Link>
              </th>
              <td data-label="State">
                <StateBadge state={item.state} />
              </td>
              <td data-label="Named">
                <code>{item.input}</code>
              </td>
              <td className="right num strong" data-label="AP">
                {formatAp(item.metrics["val/AP"])}
              </td>
              <td data-label="Student">
                {item.students.length === 0 && <span className="faint">not registered</span>}
                {item.students.map((name) => (
                  <Link key={name} to="/models/$name" params={{ name }} className="chip">
                    {name}
                  </Link>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
