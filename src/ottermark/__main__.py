"""``python -m ottermark`` is the same as ``ottermark``."""

from ottermark.cli.main import main

if __name__ == "__main__":
    main()
