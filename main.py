"""Starts the program: `python main.py`."""

from spoc_desktop.app import main

raise SystemExit(main())
