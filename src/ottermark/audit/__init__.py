"""Measure how often the grader is wrong: a corpus of answers, mutants, rewrites, attacks."""
