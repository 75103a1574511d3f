"""Keras's training without work that changes nothing, where a notebook imports Keras.

Four fifths of what a small network's training costs is not arithmetic. Four levers leave some of
that out; whatever a notebook can observe stays as it is:

- ``variables`` (``keras_variables``): variables of optimizers and metrics are created outside the
  function that is being traced, at the moment at which Keras creates them inside it. TensorFlow traces
  a function twice if its first trace has created variables, and otherwise once.
- ``iterator`` (``keras_batches``): at the end of an epoch Keras makes an iterator that the next epoch
  throws away.
- ``pipeline`` (``keras_batches``): TensorFlow optimizes the functions of a data pipeline for each
  iterator, that is, in every epoch, and tunes its threads: for arrays there is nothing to gain.
- ``steps`` (``keras_loops``): TensorFlow runs the steps of an epoch in a loop of its own, where neither
  a callback nor a progress bar looks at single ones. If one fails, the epoch begins again, step by step.

Code of a notebook's own may draw random numbers or print: where any could notice a lever (a layer
of its own that is traced once instead of twice, a data set of its own), Keras does as always. Each
lever has a guard: hashes of the sources of what it replaces or relies on, which stand beside its code.
Where one differs, Keras does as always, too, and the result says so.
"""

from __future__ import annotations

import sys
from collections.abc import Collection

from ottermark.worker.keras_batches import ITERATOR, PIPELINE
from ottermark.worker.keras_lever import TRAINER
from ottermark.worker.keras_loops import STEPS
from ottermark.worker.keras_variables import VARIABLES

TENSORFLOW_VERSIONS = ("2.21.0",)  # what is compiled has no source to compare

# in the order in which they are pulled: ``steps`` stands on what ``iterator`` has put in Keras's place
LEVERS = {"variables": VARIABLES, "iterator": ITERATOR, "pipeline": PIPELINE, "steps": STEPS}
_pulled: set[str] = set()


def pull_levers(names: Collection[str] | None = None) -> list[str]:
    """Pull levers whose guards fit, if Keras has been imported and runs on TensorFlow.

    Args:
        names: of the levers; all if None.

    Returns:
        The names of those whose guards do not fit.
    """
    if TRAINER not in sys.modules:
        return []
    is_known = sys.modules["tensorflow"].__version__ in TENSORFLOW_VERSIONS
    unfit = []
    for name in LEVERS:
        if name in _pulled or (names is not None and name not in names):
            continue
        if is_known and not LEVERS[name].misfits():
            LEVERS[name].pull()
            _pulled.add(name)
        else:
            unfit.append(name)
    return unfit
