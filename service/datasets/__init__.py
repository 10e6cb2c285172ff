"""Data sets: registered by name, checked on the cluster, immutable per version."""
