"""Set up Gradescope's container, and grade a submission in it."""
