"""Sweeps: jobs of kind `sweep`, and their trials."""
