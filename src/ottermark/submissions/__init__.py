"""Collect and read what students submitted."""
