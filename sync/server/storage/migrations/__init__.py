"""Revisions of the server's schema, run by ``sync.server.storage.migrate``; alembic's own command line is not needed.

A released revision is never edited: a change of the schema is a new revision beside it, with a test over an old
database.
"""
