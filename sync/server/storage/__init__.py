"""Where the server keeps things: tables, engines, the one writer thread, a space's log, backups, migrations.

SQLAlchemy Core, no ORM; the hot path hands tuples to the driver. May import the shared packages. Nothing here judges
permission, and nothing here knows HTTP.
"""
