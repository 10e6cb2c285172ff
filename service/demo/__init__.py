"""`stillhouse demo`: the main job on the embedded stack, from data to a table of results."""
