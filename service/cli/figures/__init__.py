"""Figures of sweeps, drawn by matplotlib from what the API answers."""
