"""Measure how often the grader is wrong: corpus of answers, mutants of the solution, attacks."""
