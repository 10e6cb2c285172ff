"""Data sets: reading COCO, building batches, and drawing the digit scenes of the demo."""
