"""One module a revision, numbered in order; imports alembic and SQLAlchemy, never ``schema``, which goes on changing.

Nothing here is called by the program itself: alembic finds and runs the revisions.
"""
