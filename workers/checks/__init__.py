"""Checks of registered data sets and models, run on the cluster because only its nodes are sure to see the files."""
