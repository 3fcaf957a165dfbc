"""What all tables share.

SQLite's integers are signed 64-bit: writer ids and checksum sums, which are unsigned, are kept shifted (`signed`,
`unsigned`).
"""

from sqlalchemy import MetaData

_MODULUS = 1 << 64
_HALF = 1 << 63

metadata = MetaData()


def signed(number: int) -> int:
    """An unsigned 64-bit number as the database keeps it."""
    return number - _MODULUS if number >= _HALF else number


def unsigned(number: int) -> int:
    """The number that `signed` kept."""
    return number % _MODULUS
