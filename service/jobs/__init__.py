"""Jobs: what a user submits, its lifecycle, its events, metrics and logs."""
