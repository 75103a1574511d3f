"""``ottermark``, with layers of the wall left out: ``python grade_without.py LAYERS ARGUMENTS``."""

from __future__ import annotations

import functools
import sys

from ottermark import pool
from ottermark.cli import main
from ottermark.sandbox import Sandbox

if __name__ == "__main__":
    layers = sys.argv.pop(1).split(",")
    if layers != [""]:
        vars(pool)["Sandbox"] = functools.partial(Sandbox, without=layers)
    main()
