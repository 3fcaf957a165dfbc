"""The tables of the laptop's store. Projections bring their own (``projections.py``), dropped and rebuilt at will."""

from typing import Final

VERSION: Final = 2
"""Written in `user_version`. A file with a higher one is left alone (fault F26), an older one is migrated (F28)."""

PROGRAM: Final = "0.3.0"
"""The version of this program, left in the store for an older one to name: a test holds it to pyproject.toml."""

WAITING: Final = 0
CONFIRMED: Final = 1
REFUSED: Final = 2
QUARANTINED: Final = 3
WITHDRAWN: Final = 4

# What others deleted, kept for a while (protocol rule 9). `at`: when it came; `noticed`: when it was too much to pass
# unseen, 0 while it was not; `deleter` deleted what `author` had `written`.
TRASH: Final = """CREATE TABLE trash(
    num INTEGER PRIMARY KEY, at INTEGER NOT NULL, noticed INTEGER NOT NULL DEFAULT 0, deleter BLOB NOT NULL,
    space INTEGER NOT NULL, kind INTEGER NOT NULL, id BLOB NOT NULL,
    author BLOB NOT NULL, written INTEGER NOT NULL, body BLOB NOT NULL)"""
TRASH_OF_SPACE: Final = "CREATE UNIQUE INDEX trash_of_space ON trash(space, id)"

TABLES: Final = (
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID",
    # The cursor is what the records contain, `staged` how far rows lie aside, the claim the highest place ever told,
    # `safe` what a verified backup covers, `top` the highest place of own confirmed entries. `begun`: told from its
    # start and not yet to its end, the epoch of the records from before. `count` and `sum` are the checksum of what was
    # told. `compare`: a full compare is due; `doubt`: the stretches of its records are to be compared first. `floor`:
    # tombstones up to this seq are gone from here.
    """CREATE TABLE space(
        num INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE,
        epoch INTEGER NOT NULL DEFAULT 0, seq INTEGER NOT NULL DEFAULT 0,
        tail BLOB NOT NULL DEFAULT x'0000000000000000', seal BLOB NOT NULL DEFAULT x'',
        claim_epoch INTEGER NOT NULL DEFAULT 0, claim_seq INTEGER NOT NULL DEFAULT 0,
        claim_tail BLOB NOT NULL DEFAULT x'0000000000000000', claim_seal BLOB NOT NULL DEFAULT x'',
        staged_epoch INTEGER, staged_seq INTEGER, staged_tail BLOB, staged_seal BLOB,
        visible INTEGER NOT NULL DEFAULT 0, lost INTEGER NOT NULL DEFAULT 0, compare INTEGER NOT NULL DEFAULT 0,
        begun INTEGER NOT NULL DEFAULT 0,
        count INTEGER NOT NULL DEFAULT 0, sum INTEGER NOT NULL DEFAULT 0,
        safe_epoch INTEGER NOT NULL DEFAULT 0, safe_seq INTEGER NOT NULL DEFAULT 0,
        top_epoch INTEGER NOT NULL DEFAULT 0, top_seq INTEGER NOT NULL DEFAULT 0,
        doubt INTEGER NOT NULL DEFAULT 0, floor INTEGER NOT NULL DEFAULT 0)""",
    # A negative seq: known from before the space was told from its start, not told again yet.
    """CREATE TABLE record(
        space INTEGER NOT NULL, kind INTEGER NOT NULL, id BLOB NOT NULL,
        seq INTEGER NOT NULL, author BLOB NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY(space, kind, id)) WITHOUT ROWID""",
    """CREATE TABLE stage(
        space INTEGER NOT NULL, kind INTEGER NOT NULL, id BLOB NOT NULL,
        seq INTEGER NOT NULL, author BLOB NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY(space, kind, id)) WITHOUT ROWID""",
    # `place` is the order of writing. `epoch`, `seq`, `answered`: the server's last answer and when it came. `pulled`:
    # the effect is in the records that pages read.
    """CREATE TABLE outbox(
        place INTEGER PRIMARY KEY, writer INTEGER NOT NULL, n INTEGER NOT NULL,
        space INTEGER NOT NULL, kind INTEGER NOT NULL, id BLOB NOT NULL, at INTEGER NOT NULL,
        state INTEGER NOT NULL DEFAULT 0, pulled INTEGER NOT NULL DEFAULT 0, refusal INTEGER NOT NULL DEFAULT 0,
        epoch INTEGER NOT NULL DEFAULT 0, seq INTEGER NOT NULL DEFAULT 0, answered INTEGER NOT NULL DEFAULT 0,
        entry BLOB NOT NULL, UNIQUE(writer, n))""",
    "CREATE INDEX outbox_open ON outbox(state) WHERE state <> 1",
    "CREATE INDEX outbox_space ON outbox(space, state)",
    "CREATE INDEX outbox_live ON outbox(space, kind, id) WHERE pulled = 0 AND state < 2",
    """CREATE TABLE incident(
        num INTEGER PRIMARY KEY, at INTEGER NOT NULL, what INTEGER NOT NULL, space INTEGER NOT NULL,
        kind INTEGER NOT NULL DEFAULT 0, id BLOB NOT NULL DEFAULT x'', author BLOB NOT NULL DEFAULT x'',
        written INTEGER NOT NULL DEFAULT 0, body BLOB NOT NULL DEFAULT x'')""",
    TRASH,
    TRASH_OF_SPACE,
    "CREATE TABLE projection(name TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID",
)
