"""Start, limit, ask and end the untrusted process."""
