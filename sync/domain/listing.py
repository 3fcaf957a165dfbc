"""What an edition is made of, worked out from its records: what a manifest signs, on both ends alike."""

from collections.abc import Iterable
from hashlib import sha256

from sync.domain.courses import Edition
from sync.domain.manifests import ListedFile, ListedRecord, Listing
from sync.domain.naming import named_in_body


def listing(rows: Iterable[tuple[int, bytes, bytes]]) -> Listing:
    """The list of these records, given as kind, id and wire form."""
    records: set[ListedRecord] = set()
    files: set[ListedFile] = set()
    for kind, id_, body in rows:
        records.add(ListedRecord(kind, id_, sha256(body).digest()))
        files.update(ListedFile(file.sha256, file.size) for file in named_in_body(kind, body))
    return Listing(tuple(sorted(records)), tuple(sorted(files)))


def record_ids(edition_id: bytes, edition: Edition) -> tuple[bytes, ...]:
    """The ids of the records that an edition is made of, itself among them."""
    return (edition_id, *(activity.edition for activity in edition.activities))
