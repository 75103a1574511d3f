"""Keras models of students, computed by the grader itself."""
