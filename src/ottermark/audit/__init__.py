"""Grade the grader: answers, mutants of the solution, attacks."""
