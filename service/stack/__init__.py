"""`stillhouse up`: API, reconciler, MLflow and a Ray head on one machine, watched over."""
