"""Live streams: states, progress, metrics and logs of jobs as server-sent events."""
