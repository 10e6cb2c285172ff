import { useQuery } from "@tanstack/react-query";
import type { Cluster } from "@/api/types";
import { formatNumber } from "@/lib/format";
import { clusterQuery } from "./queries";

/** What the cluster has and holds, and whether the systems around it answer. */
export function ClusterStrip() {
  const { data } = useQuery(clusterQuery);
  return (
    <section className="strip" aria-label="Cluster">
      <Usage label="CPUs" used={data?.cpus_used} total={data?.cpus_total} />
      <Usage label="GPUs" used={data?.gpus_used} total={data?.gpus_total} />
      <System label="Ray" state={data?.ray_state} />
      <System label="MLflow" state={data?.mlflow_state} />
      <System label="Reconciler" state={data?.reconciler_state} />
    </section>
  );
}

function Usage({ label, used, total }: { label: string; used?: number | null; total?: number | null }) {
  const share = used != null && total ? Math.min(1, used / total) : 0;
  return (
    <div className="strip-item">
      <span className="strip-label">{label} in use</span>
      <span className="num strong">
        {total == null ? (
          <span className="faint">not known</span>
        ) : (
          <>
            {formatNumber(used)} <span className="faint">/ {formatNumber(total)}</span>
          </>
        )}
      </span>
      {total != null && (
        <span className="meter" aria-hidden="true">
          <span className="meter-fill" style={{ width: `${share * 100}%` }} />
        </span>
      )}
    </div>
  );
}

function System({ label, state }: { label: string; state: Cluster["ray_state"] | undefined }) {
  return (
    <div className="strip-item">
      <span className="strip-label">{label}</span>
      <span className={`system system-${state ?? "unknown"}`}>
        <span aria-hidden="true">{state === "down" ? "▲" : "●"}</span> {state ?? "…"}
      </span>
    </div>
  );
}
