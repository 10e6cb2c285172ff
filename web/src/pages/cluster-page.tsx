import { useQuery } from "@tanstack/react-query";
import { ErrorNotice, Loading } from "@/components/notices";
import { ClusterStrip } from "@/features/cluster/cluster-strip";
import { HoldersCard } from "@/features/cluster/holders-card";
import { NodesCard } from "@/features/cluster/nodes-card";
import { clusterQuery } from "@/features/cluster/queries";
import { QueueCard } from "@/features/cluster/queue-card";
import "@/styles/records.css";
import "@/styles/cluster.css";

export function ClusterPage() {
  const { data: cluster, error, refetch } = useQuery(clusterQuery);
  return (
    <main className="page">
      <div className="page-title">
        <h1>Cluster</h1>
      </div>
      {error && !cluster && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!error && !cluster && <Loading label="Asking the cluster" height={160} />}
      <ClusterStrip />
      {cluster && (
        <>
          <NodesCard cluster={cluster} />
          <HoldersCard cluster={cluster} />
        </>
      )}
      <QueueCard />
    </main>
  );
}
