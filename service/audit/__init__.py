"""The audit log: who asked for which change, when, from where, and what came of it."""
