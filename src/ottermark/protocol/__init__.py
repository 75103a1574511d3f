"""What may cross between the grader and the worker: messages, values and remote objects."""
