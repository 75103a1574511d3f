"""The untrusted process: runs the student's cells and answers the grader."""
