"""Seeds -> runs -> distributions -> pass marks.

``designs.py``, which an instructor edits, makes the models of honest and dishonest students
(`training`). Each is made once a seed, and every run is a line of ``runs.csv`` (`runs`). From these
lines and the marks in force (`marks`), by the tails of the honest ones (`tail`), come the verdict
in ``summary.json`` (`summary`) and ``calibration.svg`` (`picture`).
"""

from ottermark.calibration.training import design

__all__ = ["design"]
