"""The isolated process: runs the student's cells and answers requests; another computes models."""
