"""The untrusted process, which runs the student's cells and answers the grader's requests."""
