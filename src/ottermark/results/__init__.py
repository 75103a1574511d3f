"""The result of one submission: its results.json and its executed notebook."""
