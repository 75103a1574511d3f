"""Grade a class, on this machine or on a cluster, and keep its results in a ledger."""
