"""The reconciler: makes the cluster match the rows, and the rows tell what the cluster does."""
