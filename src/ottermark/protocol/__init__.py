"""The protocol between grader and worker: messages, values as data, and remote functions."""
