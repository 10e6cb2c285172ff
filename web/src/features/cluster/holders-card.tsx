import { Link } from "@tanstack/react-router";
import type { Cluster } from "@/api/types";
import { Card } from "@/components/card";
import { StateBadge } from "@/components/state-badge";
import { TimeAgo } from "@/components/time-ago";
import { formatNumber } from "@/lib/format";
import { strokeFor } from "@/lib/palette";
import { useIsDark } from "@/lib/theme";
import { ScrollRegion } from "@/components/scroll-region";

/** What runs and what it holds, the largest first, in the colours of the nodes' bars. */
export function HoldersCard({ cluster }: { cluster: Cluster }) {
  const dark = useIsDark();
  const names = new Map(cluster.nodes.map((node) => [node.id, node.name || node.id.slice(0, 8)]));
  return (
    <Card title="Who holds what">
      {cluster.holders.length === 0 && (
        <p className="hint">Nothing runs. Everything is free for the next job.</p>
      )}
      {cluster.holders.length > 0 && (
        <ScrollRegion className="table-wrap" label="Who holds what">
          <table className="table dense stacked" aria-label="Who holds what">
            <thead>
              <tr>
                <th scope="col">Job</th>
                <th scope="col">State</th>
                <th scope="col" className="right">
                  CPUs
                </th>
                <th scope="col" className="right">
                  GPUs
                </th>
                <th scope="col">Node</th>
                <th scope="col" className="right">
                  Priority
                </th>
                <th scope="col" className="right">
                  For
                </th>
              </tr>
            </thead>
            <tbody>
              {cluster.holders.map((holder, index) => (
                <tr key={holder.job_id}>
                  <th scope="row" className="cell-name">
                    <span
                      className="swatch"
                      aria-hidden="true"
                      style={{ background: strokeFor(index, dark).color }}
                    />{" "}
                    <Link
                      to={holder.kind === "sweep" ? "/sweeps/$id" : "/jobs/$id"}
                      params={{ id: holder.job_id }}
                    >
                      {holder.job_name}
                    </Link>
                    <span className="sub">
                      <span className={`kind kind-${holder.kind}`}>{holder.kind}</span> {holder.project}
                    </span>
                  </th>
                  <td data-label="State">
                    <StateBadge state={holder.state} />
                  </td>
                  <td className="right num" data-label="CPUs">
                    {formatNumber(holder.cpus)}
                  </td>
                  <td className="right num" data-label="GPUs">
                    {formatNumber(holder.gpus)}
                  </td>
                  <td data-label="Node">
                    {holder.node_id === null ? (
                      <span className="faint">not known yet</span>
                    ) : (
                      (names.get(holder.node_id) ?? "a node that is gone")
                    )}
                  </td>
                  <td className="right num" data-label="Priority">
                    {holder.priority}
                  </td>
                  <td className="right" data-label="For">
                    {holder.since ? <TimeAgo at={holder.since} suffix="" /> : "–"}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </Card>
  );
}
