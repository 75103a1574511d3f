"""Build: master notebook in; student version, autograder and solutions out."""
