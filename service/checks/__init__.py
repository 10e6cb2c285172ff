"""Checks of registered data sets and models: their rows and states. The reconciler carries them out."""
