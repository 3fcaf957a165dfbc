"""The sums of ballots: batches of five, of which a result shows only whole ones, one batch behind (protocol rule 6).

Batch 0 is what was shown. The newest whole batch waits for the next one or for the end of the call: so two results of
one call never differ by fewer than five ballots, and at its end nobody's voice is left out.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from sync.domain.ballots import LEAST, BallotAnswer, BallotCall, ChoiceSum, RemarksOf, remarks_id
from sync.server.storage.schema import ballot_batch, ballot_remark, ballot_sum

_SHOWN = 0


class Shown(NamedTuple):
    """What a result says in numbers."""

    ballots: int
    sums: tuple[ChoiceSum, ...]


class Fresh(NamedTuple):
    """What is shown for the first time: of how many ballots, and their remarks by question, in no order."""

    ballots: int
    remarks: tuple[RemarksOf, ...]


def add(connection: Connection, call: bytes, answers: Iterable[BallotAnswer], mark: Callable[[], bytes]) -> int:
    """Count a ballot into the batch that is not whole yet; its number. `mark`: random bytes for a remark."""
    of_call = (ballot_batch.c.call == call, ballot_batch.c.batch > _SHOWN)
    latest = connection.execute(
        select(ballot_batch.c.batch, ballot_batch.c.ballots).where(*of_call).order_by(ballot_batch.c.batch.desc())
    ).first()
    batch = 1 if latest is None else latest.batch + (latest.ballots >= LEAST)
    _plus(connection, ballot_batch, {"call": call, "batch": batch}, "ballots", 1)
    remarks = []
    for answer in answers:
        if answer.choice:
            place = {"call": call, "batch": batch, "question": answer.question, "choice": answer.choice}
            _plus(connection, ballot_sum, place, "count", 1)
        else:
            said = {"call": call, "batch": batch, "question": answer.question, "text": answer.text}
            remarks.append({"mark": mark()} | said)
    if remarks:
        _mix(connection, call, batch, remarks)
    return batch


def complete(connection: Connection, call: bytes) -> list[int]:
    """Whole batches that no result shows yet, in order."""
    whole = (ballot_batch.c.call == call, ballot_batch.c.batch > _SHOWN, ballot_batch.c.ballots >= LEAST)
    return list(connection.execute(select(ballot_batch.c.batch).where(*whole).order_by(ballot_batch.c.batch)).scalars())


def pending(connection: Connection, call: bytes) -> list[int]:
    """All batches that no result shows yet, in order."""
    of_call = (ballot_batch.c.call == call, ballot_batch.c.batch > _SHOWN)
    found = select(ballot_batch.c.batch).where(*of_call).order_by(ballot_batch.c.batch)
    return list(connection.execute(found).scalars())


def ballots(connection: Connection, call: bytes) -> int:
    """How many ballots of a call came."""
    found = select(func.coalesce(func.sum(ballot_batch.c.ballots), 0)).where(ballot_batch.c.call == call)
    return int(connection.execute(found).scalar_one())


def merge(connection: Connection, call: bytes, batches: Sequence[int]) -> Fresh:
    """Move batches to what is shown; their remarks are handed out once and forgotten."""
    if not batches:
        return Fresh(0, ())
    count = 0
    remarks: dict[int, list[str]] = {}
    for batch in batches:
        of = {"call": call, "batch": batch}
        size: int = connection.execute(select(ballot_batch.c.ballots).filter_by(**of)).scalar_one()
        count += size
        sums = connection.execute(
            select(ballot_sum.c.question, ballot_sum.c.choice, ballot_sum.c.count).filter_by(**of)
        )
        for question, choice, number in sums.all():
            place = {"call": call, "batch": _SHOWN, "question": question, "choice": choice}
            _plus(connection, ballot_sum, place, "count", number)
        found = connection.execute(select(ballot_remark.c.question, ballot_remark.c.text).filter_by(**of))
        for question, text in found:
            remarks.setdefault(question, []).append(text)
        for table in (ballot_batch, ballot_sum, ballot_remark):
            connection.execute(delete(table).where(table.c.call == call, table.c.batch == batch))
    _plus(connection, ballot_batch, {"call": call, "batch": _SHOWN}, "ballots", count)
    told = (RemarksOf(question=question, texts=tuple(sorted(texts))) for question, texts in sorted(remarks.items()))
    return Fresh(count, tuple(told))


def shown(connection: Connection, call: bytes, asked: BallotCall) -> Shown:
    """The numbers of a result."""
    of = {"call": call, "batch": _SHOWN}
    count: int = connection.execute(select(ballot_batch.c.ballots).filter_by(**of)).scalar_one_or_none() or 0
    found = connection.execute(select(ballot_sum.c.question, ballot_sum.c.choice, ballot_sum.c.count).filter_by(**of))
    chosen = {(question, choice): number for question, choice, number in found}
    sums = tuple(
        ChoiceSum(
            question=question.number,
            counts=tuple(chosen.get((question.number, choice), 0) for choice in range(1, question.choices + 1)),
        )
        for question in asked.questions
        if question.choices
    )
    return Shown(count, sums if count else ())


def next_number(is_there: Callable[[bytes], bool], call: bytes) -> int:
    """The number of the next record of remarks."""
    number = 1
    while is_there(remarks_id(call, number)):
        number += 1
    return number


def _mix(connection: Connection, call: bytes, batch: int, fresh: list[dict[str, object]]) -> None:
    """Write all remarks of a batch anew in the order of their marks: PostgreSQL keeps rows where they came."""
    of_batch = (ballot_remark.c.call == call, ballot_remark.c.batch == batch)
    there = [dict(row) for row in connection.execute(select(ballot_remark).where(*of_batch)).mappings()]
    connection.execute(delete(ballot_remark).where(*of_batch))
    connection.execute(insert(ballot_remark), sorted([*there, *fresh], key=lambda row: row["mark"]))


def _plus(connection: Connection, table: Table, place: dict[str, object], column: str, more: int) -> None:
    """Add to a number that may not be there yet; the space is held, nobody else does at this moment."""
    at = [table.c[name] == value for name, value in place.items()]
    done = connection.execute(update(table).where(*at).values({column: table.c[column] + more}))
    if not done.rowcount:
        connection.execute(insert(table).values({**place, column: more}))
