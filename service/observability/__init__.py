"""What operators see: logs with ids, Prometheus metrics, traces."""
