"""A class at a time: what is to be graded, where, and what stands."""
