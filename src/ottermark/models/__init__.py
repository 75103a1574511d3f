"""Compute the outputs of students' Keras models in the grader, from layers and weights."""
