"""The attacks on other graders: the container that they run in, and a module for each grader."""
