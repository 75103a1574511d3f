"""ottermark: build, prove and grade Otter Assign labs.

The package root imports nothing: the process that runs a student's code imports
from here too, and must not pull in anything it does not need.
"""

import os
import sys

# the grader's own sums are small, and threads that wait for them would spin on a core each
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# jsonschema would make a grammar for IRIs at its import, which nobody here checks: two seconds of
# every start
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

__version__ = "0.1.0"
