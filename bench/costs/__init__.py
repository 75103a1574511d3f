"""What ``bench/grade.py`` measures: labs, submissions, graders, and the rows of the table."""
