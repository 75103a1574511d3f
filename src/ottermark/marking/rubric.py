"""The rubric of a written question, as ``ottermark.rubric`` defines it: the build checks it, too."""

from ottermark.rubric import (
    RUBRICS_FILE,
    TOLERANCE,
    Rubric,
    RubricItem,
    check_rubric,
    default_rubric,
    read_rubrics,
    rubrics_yaml,
)

__all__ = [
    "RUBRICS_FILE",
    "TOLERANCE",
    "Rubric",
    "RubricItem",
    "check_rubric",
    "default_rubric",
    "read_rubrics",
    "rubrics_yaml",
]
