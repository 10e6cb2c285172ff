"""Thin clients of Ray and MLflow: foreign errors become ours, foreign JSON becomes our types."""
