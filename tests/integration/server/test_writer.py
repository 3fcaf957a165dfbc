"""The one thread that writes: what waits together is committed together, and each job stands or falls alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from sync.server.storage.engine import writing_engine
from sync.server.storage.touched import Touched, noted
from sync.server.storage.writer import Writer


class Book:
    """A table with numbers, and a writer that can be kept from working until enough waits."""

    def __init__(self, path: Path) -> None:
        self.engine = writing_engine(path)
        with self.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE number (n INTEGER PRIMARY KEY)")
        self.commits = 0
        self.heard: list[Touched] = []
        event.listen(self.engine, "commit", self._count)
        self.writer = Writer(self.engine, self.heard.append)

    def _count(self, _connection: Connection) -> None:
        self.commits += 1

    def together(self, *jobs: Callable[[Connection], int]) -> list[Future[int]]:
        """Let jobs queue up behind one that waits for them; its commit is theirs."""
        go = threading.Event()
        self.writer.submit(lambda _: go.wait(10))
        queued = [self.writer.submit(job) for job in jobs]
        go.set()
        return queued

    def numbers(self) -> list[int]:
        with self.engine.begin() as connection:
            return list(connection.exec_driver_sql("SELECT n FROM number ORDER BY n").scalars())


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    made = Book(tmp_path / "book.db")
    yield made
    made.writer.stop()
    made.engine.dispose()


def writes(n: int) -> Callable[[Connection], int]:
    def job(connection: Connection) -> int:
        connection.exec_driver_sql("INSERT INTO number VALUES (?)", (n,))
        noted(connection).spaces.add(n)
        return n

    return job


def test_jobs_that_wait_together_share_one_commit(book: Book) -> None:
    assert [each.result(10) for each in book.together(writes(1), writes(2), writes(3))] == [1, 2, 3]
    assert book.commits == 1
    assert book.numbers() == [1, 2, 3]
    assert book.heard == [Touched(frozenset({1, 2, 3}), frozenset())]


def test_a_job_that_fails_leaves_no_trace_in_those_that_share_its_commit(book: Book) -> None:
    def fails(connection: Connection) -> int:
        writes(7)(connection)
        raise LookupError("seven")

    first, wrong, last = book.together(writes(1), fails, writes(2))
    assert (first.result(10), last.result(10)) == (1, 2)
    with pytest.raises(LookupError):
        wrong.result(10)
    assert book.numbers() == [1, 2]


def test_a_transaction_that_breaks_as_a_whole_is_done_again_job_by_job(book: Book) -> None:
    """As a full disk does: what one job filled is no reason to refuse the others."""

    def breaks(connection: Connection) -> int:
        connection.exec_driver_sql("ROLLBACK")
        raise OperationalError("", None, Exception("database or disk is full"))

    first, wrong, last = book.together(writes(1), breaks, writes(2))
    assert (first.result(10), last.result(10)) == (1, 2)
    with pytest.raises(OperationalError):
        wrong.result(10)
    assert book.numbers() == [1, 2]


def test_what_is_queued_is_done_before_the_end(book: Book) -> None:
    queued = book.together(writes(1), writes(2))
    book.writer.stop()
    assert [each.done() for each in queued] == [True, True]
    assert book.numbers() == [1, 2]
