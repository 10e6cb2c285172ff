import type { Cluster } from "@/api/types";
import { Card } from "@/components/card";
import { formatNumber } from "@/lib/format";
import { strokeFor } from "@/lib/palette";
import { useIsDark } from "@/lib/theme";

type Holding = Cluster["holders"][number];
type Node = Cluster["nodes"][number];

/** The nodes of the cluster, each with what jobs hold of it. */
export function NodesCard({ cluster }: { cluster: Cluster }) {
  const { nodes, holders } = cluster;
  return (
    <Card
      title={`Nodes${nodes.length > 0 ? `, ${nodes.length}` : ""}`}
      actions={<span className="hint">Trials of a sweep are counted where the sweep itself runs</span>}
    >
      {nodes.length === 0 && (
        <p className="hint">
          {cluster.ray_state === "down"
            ? "Ray does not answer, so nothing is known of its nodes. What runs goes on, and is looked for when Ray is back."
            : "Ray has no living node. Start one with `ray start` or bring its machine back."}
        </p>
      )}
      <ul className="nodes">
        {nodes.map((node) => (
          <NodeItem
            key={node.id}
            node={node}
            holders={holders
              .map((holder, index) => ({ holder, index }))
              .filter(({ holder }) => holder.node_id === node.id)}
          />
        ))}
      </ul>
    </Card>
  );
}

interface ItemProps {
  node: Node;
  holders: readonly { holder: Holding; index: number }[];
}

function NodeItem({ node, holders }: ItemProps) {
  return (
    <li className="node">
      <p className="node-name">
        <strong>{node.name || "node"}</strong> {node.is_head && <span className="kind">head</span>}{" "}
        <code className="faint" title={node.id}>
          {node.id.slice(0, 8)}
        </code>
      </p>
      <Share
        label="CPUs"
        total={node.cpus}
        parts={holders.map(({ holder, index }) => ({ holder, index, amount: holder.cpus }))}
      />
      {node.gpus > 0 && (
        <Share
          label="GPUs"
          total={node.gpus}
          parts={holders.map(({ holder, index }) => ({ holder, index, amount: holder.gpus }))}
        />
      )}
    </li>
  );
}

interface ShareProps {
  label: string;
  total: number;
  parts: readonly { holder: Holding; index: number; amount: number }[];
}

function Share({ label, total, parts }: ShareProps) {
  const dark = useIsDark();
  const held = parts.reduce((sum, { amount }) => sum + amount, 0);
  const words = parts
    .filter(({ amount }) => amount > 0)
    .map(({ holder, amount }) => `${holder.job_name} ${formatNumber(amount)}`)
    .join(", ");
  const scale = 100 / Math.max(total, held, 1e-9);
  return (
    <div className="node-share">
      <span>{label}</span>
      <span
        className="stacked-bar held"
        role="img"
        aria-label={`${label}: ${formatNumber(held)} of ${formatNumber(total)} held${words && ` (${words})`}`}
      >
        {parts
          .filter(({ amount }) => amount > 0)
          .map(({ holder, index, amount }) => (
            <span
              key={holder.job_id}
              title={`${holder.job_name}: ${formatNumber(amount)} ${label}`}
              style={{ width: `${amount * scale}%`, background: strokeFor(index, dark).color }}
            />
          ))}
      </span>
      <span className="num">
        {formatNumber(held)} <span className="faint">/ {formatNumber(total)}</span>
      </span>
    </div>
  );
}
