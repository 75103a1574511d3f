"""Grade one submission: run its cells, then Otter's tests on its values."""
