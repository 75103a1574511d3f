"""What runs in Gradescope's container."""
