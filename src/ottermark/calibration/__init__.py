"""Train reference models with many seeds and derive pass marks from their results.

An instructor writes ``designs.py``: functions that make the models of honest and dishonest students
(`designs`). Each is trained once per seed (`training`) and measured (`metrics`); every run is a row
of ``runs.csv`` (`runs`). From these rows and the marks in force (`marks`) come fitted tails (`tail`),
pass rates (`evaluation`) and proposed marks (`proposal`), written to ``summary.json`` (`summary`)
and ``calibration.svg`` (`plot`).
"""

from ottermark.calibration.designs import design

__all__ = ["design"]
