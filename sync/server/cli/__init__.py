"""IT's command line, `spoc-server COMMAND`: a module a subject, each registers its commands; `parser` lists them.

May import everything of the server. Nothing of the server imports it.
"""

from sync.server.cli.parser import main

__all__ = ["main"]
