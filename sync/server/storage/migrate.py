"""Bringing a database to this program's schema, by alembic, from inside the package."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


class TooNew(Exception):
    """The database was written by a newer program: it is left untouched (fault F26)."""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The revision of this program's schema."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def revision_of(connection: Connection) -> str | None:
    """The revision that a database is at; None for an empty file."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection) -> None:
    """Bring a database up to date, inside the transaction that is open. TooNew when it is ahead of this program."""
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    current = revision_of(connection)
    if current is not None and current not in known:
        raise TooNew(current)
    if current != newest():
        command.upgrade(_config(connection), "head")
