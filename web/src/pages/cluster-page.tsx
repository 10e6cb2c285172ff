import { ClusterStrip } from "@/features/cluster/cluster-strip";

export function ClusterPage() {
  return (
    <main className="page">
      <h1>Cluster</h1>
      <ClusterStrip />
    </main>
  );
}
