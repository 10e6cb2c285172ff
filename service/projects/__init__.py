"""Projects: groups of jobs, with limits on what they may hold at once."""
