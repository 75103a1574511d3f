"""The command line: a module for each command."""

import os
import sys

# before NumPy is imported: the grader's own sums are small, and threads that wait for them would
# spin on a core each
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# jsonschema, which nbformat imports, would build a grammar for IRIs, which nobody here checks: two
# seconds of every start
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
