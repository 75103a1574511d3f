"""Final grades: points of tests, marks by hand and lateness, as tables, gradebooks and feedback pages."""
