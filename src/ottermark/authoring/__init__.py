"""Build the student version, the autograder and the solutions from a master notebook."""
