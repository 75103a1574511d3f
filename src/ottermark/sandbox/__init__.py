"""Start, isolate, limit and end the process that runs a notebook, and send it requests."""
