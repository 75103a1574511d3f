"""ottermark: build, prove and grade Otter Assign labs.

The package root imports nothing: the process that runs a student's code imports
from here too, and must not pull in anything it does not need.
"""

__version__ = "0.1.0"
