"""Which files a record names is one rule for both ends; nothing that names one is passed over."""

from __future__ import annotations

import msgspec
import pytest

from sync.domain.files import Attachment
from sync.domain.forum import POST, Post
from sync.domain.kind import encode
from sync.domain.merge import DELETED
from sync.domain.naming import named_in_body
from sync.domain.revisions import REVISION, Revision

FILE = Attachment(sha256=bytes(range(100, 132)), name="fiche.pdf", size=5)
BODY = encode(Post(text="a", files=(FILE,)))
SHORT = b"\xc4\x20"


@pytest.mark.parametrize("head", [SHORT, b"\xc5\x00\x20", b"\xc6\x00\x00\x00\x20"])
def test_a_hash_is_found_in_whatever_form_its_bytes_are_written(head: bytes) -> None:
    assert BODY.count(SHORT) == 1
    body = BODY.replace(SHORT, head)
    assert POST.decode(body).files == (FILE,)
    assert named_in_body(POST.number, body) == (FILE,)


def test_a_revision_names_the_files_of_the_value_that_it_keeps() -> None:
    value = msgspec.msgpack.encode((FILE,))
    kept = Revision(
        record=bytes(16),
        kind=POST.number,
        field=POST.number_of("files"),
        value=value,
        author=b"",
        writer=1,
        n=1,
        by=b"",
    )
    assert named_in_body(REVISION.number, encode(kept)) == (FILE,)


@pytest.mark.parametrize("body", [DELETED, encode(Post(text="a")), b"\xc1" + SHORT, b""])
def test_what_is_deleted_or_no_record_names_nothing(body: bytes) -> None:
    assert named_in_body(POST.number, body) == ()
