"""The misconceptions behind a wrong answer: read from a catalogue, or derived from right formulas.

The catalogue (``misconceptions.yaml`` beside the master notebook) is the instructor's. For each
question it holds quantities and right formulas, from which the common slips are derived by editing
(a factor left out, two quantities exchanged, rounded up), and the misconceptions that no edit
explains. A student's function is recognised by its answers to the catalogue's ``cases``, which are
sorted into classes of inputs. The inputs are the catalogue's own, never those of hidden tests.
"""

from ottermark.grading.misconceptions.catalogue import CATALOGUE_FILE, MisconceptionCatalogue
from ottermark.grading.misconceptions.values import values_equal

__all__ = ["CATALOGUE_FILE", "MisconceptionCatalogue", "values_equal"]
