"""Keras models, computed by the grader itself."""
