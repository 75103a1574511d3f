"""Build the student version, the autograder and the solutions from a master notebook."""

from ottermark.worker import otter_package as _otter_package  # noqa: F401  (before nbformat and Otter)
