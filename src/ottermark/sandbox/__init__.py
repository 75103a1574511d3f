"""Start, isolate, limit, call and end the process that runs a notebook."""
