"""Webhooks: other programs are told of what happens to jobs, signed, retried, and never behind our own walls."""
