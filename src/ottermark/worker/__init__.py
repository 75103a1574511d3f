"""The untrusted process: runs cells and answers the grader."""
