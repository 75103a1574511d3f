"""What may cross between the grader and the worker."""
