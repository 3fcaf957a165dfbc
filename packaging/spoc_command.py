"""Starts the commands in a frozen program: `spoc …`."""

from spoc_desktop.cli import main

raise SystemExit(main())
