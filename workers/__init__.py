"""What runs on Ray: attempts of jobs, the sweep driver, reporters and storage."""
