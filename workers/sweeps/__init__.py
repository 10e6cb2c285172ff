"""Sweeps: Ray Tune searches over the fields of one training."""
