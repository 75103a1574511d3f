"""Marks by hand: rubrics, an append-only store of marks, and what a graded class needs to be marked."""
