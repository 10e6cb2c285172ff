"""What data sets and models have in common: names that belong to projects, and versions of them that are checked."""
