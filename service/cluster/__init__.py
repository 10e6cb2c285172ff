"""What the cluster has and how the foreign systems fare; health of this process."""
