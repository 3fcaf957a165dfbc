"""What a sync does on the server: accept a push, tell a pull, check claims, grade, publish, release.

Functions over an open connection, without HTTP, so that tests say their sentences on a real SQLite file. May import
``storage`` and the shared packages; never ``web`` or ``accounts``.
"""
