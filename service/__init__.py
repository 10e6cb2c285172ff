"""The control plane: HTTP API, database, reconciler, command line and Python client."""
