"""Grade the grader: a corpus of right and wrong answers, mutants of the solution, attacks."""
