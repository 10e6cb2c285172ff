"""Removing checkpoints that nothing needs any more, by a policy of the operator."""
