"""The result of one submission: results.json, and the notebook as it ran."""
