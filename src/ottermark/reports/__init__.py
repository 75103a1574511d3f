"""The pages and tables made from results."""
