"""Stillhouse's trainer: distillation of dense object detectors in pure PyTorch."""
