"""The few single values of a store: whose it is, the writer, the last verified backup, the login."""

from typing import Any

from spoc_desktop.storage.transaction import Transaction, signed, unsigned


def get(transaction: Transaction, name: str) -> Any:
    """A value, None when it was never written."""
    row = transaction.row("SELECT value FROM meta WHERE name = ?", (name,))
    return None if row is None else row[0]


def put(transaction: Transaction, name: str, value: bytes | int | str | None) -> None:
    """Write a value."""
    transaction.run("INSERT OR REPLACE INTO meta(name, value) VALUES(?, ?)", (name, value))


def writer(transaction: Transaction) -> int:
    """The id under which new entries are written."""
    return unsigned(int(get(transaction, "writer")))


def put_writer(transaction: Transaction, writer_id: int, next_n: int = 1) -> None:
    """Write under this id from now on; the next entry is number `next_n`."""
    put(transaction, "writer", signed(writer_id))
    put(transaction, "next_n", next_n)


def take_numbers(transaction: Transaction, count: int) -> int:
    """The first of `count` fresh entry numbers."""
    first = int(get(transaction, "next_n"))
    put(transaction, "next_n", first + count)
    return first


def last_name(transaction: Transaction) -> tuple[int, int]:
    """The writer, and the highest number that it has given."""
    return writer(transaction), int(get(transaction, "next_n")) - 1
