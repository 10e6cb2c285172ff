"""Where students come from and what came of teachers and data: names pinned at submit, and the graph they make."""
