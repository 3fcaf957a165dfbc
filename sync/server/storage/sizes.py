"""How large the database is."""

from sqlalchemy import Connection

_ASKED = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


def bytes_of(connection: Connection) -> int:
    """Bytes of a database on the disk, without what is still to be folded into it."""
    return int(connection.exec_driver_sql(_ASKED[connection.dialect.name]).scalar_one())
