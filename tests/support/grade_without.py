"""``ottermark``, with layers of the wall left out: ``python grade_without.py LAYERS ARGUMENTS``."""

from __future__ import annotations

import functools
import sys

from ottermark.batch import local_executor as pool
from ottermark.cli.main import main
from ottermark.sandbox.sandbox import Sandbox

if __name__ == "__main__":
    layers = sys.argv.pop(1).split(",")
    if layers != [""]:
        vars(pool)["Sandbox"] = functools.partial(Sandbox, disabled_layers=layers)
    main()
