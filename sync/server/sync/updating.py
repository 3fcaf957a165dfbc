"""Updates of shared documents as they arrive: well formed, under a client id of their author, in the order of clocks.

A client id is that of a writer of the person (`documents.client_of`), so nobody writes under another's. Its clocks have
neither gap nor overlap: with a gap the text would wait unseen for ever; an overlap comes of two copies of one folder,
and of two different texts under one name only one can stand. What is refused stays with its author, as text.
"""

from collections.abc import Callable

from sqlalchemy import Connection, insert, select, update

from sync.domain import updates
from sync.domain.documents import Update, client_of
from sync.domain.updates import Inserted, Malformed
from sync.protocol.errors import Refusal
from sync.server.storage.schema import device, document_clock, unsigned, writer

Judge = Callable[[Update], Refusal | None]


def judge_of(connection: Connection, space_no: int, person_no: int, writing: int) -> Judge:
    """Why an update of a person may not be taken, None when it may: then its clocks count as taken.

    `writing`: the writer of the request. To be asked last, in the transaction that takes the update.
    """
    theirs: set[int] = set()

    def is_theirs(client: int) -> bool:
        if client == client_of(writing):
            return True
        if not theirs:
            theirs.update(client_of(each) for each in _writers(connection, person_no))
        return client in theirs

    def judge(body: Update) -> Refusal | None:
        try:
            content = updates.read(body.update)
        except Malformed:
            return Refusal.INVALID
        if not content.inserted:
            return None
        if len(content.inserted) > 1 or not is_theirs(content.inserted[0].client):
            return Refusal.NOT_ALLOWED
        if not content.inserted[0].whole:
            return Refusal.INVALID
        return _take(connection, space_no, body.document, content.inserted[0])

    return judge


def _take(connection: Connection, space_no: int, document: bytes, inserted: Inserted) -> Refusal | None:
    at = (
        document_clock.c.space_no == space_no,
        document_clock.c.document == document,
        document_clock.c.client == inserted.client,
    )
    clock: int | None = connection.execute(select(document_clock.c.clock).where(*at)).scalar_one_or_none()
    if inserted.start != (clock or 0):
        return Refusal.EXISTS if inserted.start < (clock or 0) else Refusal.MISSING
    if clock is not None:
        connection.execute(update(document_clock).where(*at).values(clock=inserted.end))
        return None
    named = {"space_no": space_no, "document": document, "client": inserted.client}
    connection.execute(insert(document_clock).values(clock=inserted.end, **named))
    return None


def _writers(connection: Connection, person_no: int) -> list[int]:
    owned = select(writer.c.id).join(device, device.c.no == writer.c.device_no).where(device.c.person_no == person_no)
    return [unsigned(number) for number in connection.execute(owned).scalars()]
