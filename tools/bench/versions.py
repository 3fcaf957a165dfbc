"""What a measurement ran on: Python, the databases, and the packages of which the times are made."""

import platform
import subprocess
from importlib.metadata import version

from sqlcipher3 import dbapi2

from tests.postgres import programs

_PACKAGES = ("PySide6-Essentials", "SQLAlchemy", "msgspec", "zstandard", "requests", "uvicorn", "psycopg")


def versions() -> str:
    """All of them, as a line."""
    packages = (f"{name} {version(name)}" for name in _PACKAGES)
    sqlite = f"SQLite {dbapi2.sqlite_version} in sqlcipher3 {version('sqlcipher3')}"
    return ", ".join((f"Python {platform.python_version()}", sqlite, _postgres(), *packages))


def _postgres() -> str:
    try:
        told = subprocess.run([programs() / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (FileNotFoundError, PermissionError):
        return "no PostgreSQL"
    return f"PostgreSQL {told.split()[2]}"
