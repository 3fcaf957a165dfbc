"""What the laptop knows of each space: cursor, claim, checksum, whether pages may read it (protocol, Terms, rule 3)."""

from spoc_desktop.storage.transaction import Transaction, Values, signed, unsigned
from sync.client.ports import SpaceState
from sync.protocol.digest import EMPTY, joined
from sync.protocol.messages import START, Checksum, Cursor

_STATE = """SELECT name, epoch, seq, tail, seal, claim_epoch, claim_seq, claim_tail, claim_seal,
    staged_epoch, staged_seq, staged_tail, staged_seal, visible, lost, compare, count, sum, doubt FROM space"""


def known(transaction: Transaction) -> list[Values]:
    """The rows of all spaces that the server ever told of, lost ones too; not those that only own unsent work names."""
    told = "epoch > 0 OR claim_epoch > 0 OR top_epoch > 0 OR lost OR staged_epoch IS NOT NULL"
    return transaction.rows(f"{_STATE} WHERE {told} ORDER BY name")


def state(transaction: Transaction, space: int) -> SpaceState:
    """One space by its number."""
    row = transaction.row(f"{_STATE} WHERE num = ?", (space,))
    if row is None:
        raise KeyError(space)
    return state_of(row)


def move(transaction: Transaction, space: int, cursor: Cursor) -> None:
    """The records contain the space up to here, and nothing lies aside."""
    transaction.run(
        """UPDATE space SET epoch = ?, seq = ?, tail = ?, seal = ?,
           staged_epoch = NULL, staged_seq = NULL, staged_tail = NULL, staged_seal = NULL WHERE num = ?""",
        (*_values(cursor), space),
    )


def move_staged(transaction: Transaction, space: int, cursor: Cursor) -> None:
    """Rows lie aside up to here."""
    transaction.run(
        "UPDATE space SET staged_epoch = ?, staged_seq = ?, staged_tail = ?, staged_seal = ? WHERE num = ?",
        (*_values(cursor), space),
    )


def claim(transaction: Transaction, space: int, cursor: Cursor) -> None:
    """The server told this place: kept when it is higher than what was told before."""
    transaction.run(
        """UPDATE space SET claim_epoch = ?, claim_seq = ?, claim_tail = ?, claim_seal = ?
           WHERE num = ? AND (claim_epoch, claim_seq) < (?, ?)""",
        (*_values(cursor), space, cursor.epoch, cursor.seq),
    )


def begin(transaction: Transaction, space: int, epoch: int) -> None:
    """The space is told from its start: the claim is forgotten, a readable space goes on to be read meanwhile."""
    place, before = Cursor(epoch, 0), state(transaction, space)
    if before.visible:
        move_staged(transaction, space, place)
    else:
        move(transaction, space, place)
    transaction.run(
        """UPDATE space SET claim_epoch = ?, claim_seq = ?, claim_tail = ?, claim_seal = ?,
           lost = 0, compare = 0, doubt = 0, floor = 0, begun = ?, top_epoch = 0, top_seq = 0 WHERE num = ?""",
        (*_values(START), before.cursor.epoch if before.visible else epoch, space),
    )
    set_checksum(transaction, space)


def reach(transaction: Transaction, space: int, *, doubt: bool) -> None:
    """The space is told to its end: pages may read it."""
    transaction.run("UPDATE space SET visible = 1, begun = 0, doubt = doubt OR ? WHERE num = ?", (int(doubt), space))


def doubt(transaction: Transaction, space: int, *, doubted: bool) -> None:
    """Whether the records of a space may be others than the server's."""
    transaction.run("UPDATE space SET doubt = ? WHERE num = ?", (int(doubted), space))


def lose(transaction: Transaction, space: int) -> None:
    """The space is lost: only the claim stays."""
    move(transaction, space, START)
    transaction.run(
        """UPDATE space SET visible = 0, lost = 1, compare = 0, doubt = 0, begun = 0, top_epoch = 0, top_seq = 0,
           safe_epoch = 0, safe_seq = 0, floor = 0 WHERE num = ?""",
        (space,),
    )
    set_checksum(transaction, space)


def begun(transaction: Transaction, space: int) -> int:
    """While the space is told from its start and not to its end yet: the epoch of its records from before. Else 0."""
    row = transaction.row("SELECT begun FROM space WHERE num = ?", (space,))
    return int(row[0]) if row else 0


def raise_floor(transaction: Transaction, space: int, floor: int) -> bool:
    """Remember that the server has dropped tombstones up to a seq; False when that was known."""
    return bool(transaction.run("UPDATE space SET floor = ? WHERE num = ? AND floor < ?", (floor, space, floor)))


def ask_compare(transaction: Transaction, space: int) -> None:
    """A full compare is due at the next pull."""
    transaction.run("UPDATE space SET compare = 1, doubt = 0 WHERE num = ?", (space,))


def add(transaction: Transaction, space: int, came: list[int], went: list[int]) -> None:
    """Bring the checksum up to date: hashes of rows that came and of those that they replaced."""
    if came or went:
        set_checksum(transaction, space, joined(state(transaction, space).checksum, came, went))


def set_checksum(transaction: Transaction, space: int, checksum: Checksum = EMPTY) -> None:
    """Write a space's checksum."""
    transaction.run("UPDATE space SET count = ?, sum = ? WHERE num = ?", (checksum.count, signed(checksum.sum), space))


def confirmed_up_to(transaction: Transaction, space: int, epoch: int, seq: int) -> None:
    """An own entry was confirmed here: kept when it is the highest."""
    transaction.run(
        "UPDATE space SET top_epoch = ?, top_seq = ? WHERE num = ? AND (top_epoch, top_seq) < (?, ?)",
        (epoch, seq, space, epoch, seq),
    )


def safe_up_to(transaction: Transaction, space: int, epoch: int, seq: int) -> None:
    """A verified backup of the server covers the space up to here."""
    transaction.run("UPDATE space SET safe_epoch = ?, safe_seq = ? WHERE num = ?", (epoch, seq, space))


def unsafe(transaction: Transaction) -> list[bytes]:
    """Spaces with confirmed entries that no verified backup is known to cover."""
    found = transaction.rows(
        "SELECT name FROM space WHERE top_epoch > 0 AND (safe_epoch <> top_epoch OR safe_seq < top_seq) ORDER BY name"
    )
    return [bytes(name) for (name,) in found]


def _values(cursor: Cursor) -> Values:
    return cursor.epoch, cursor.seq, cursor.tail, cursor.seal


def state_of(row: Values) -> SpaceState:
    """What a row says."""
    visible, lost, compare, count, total, doubted = row[13:]
    return SpaceState(
        space=bytes(row[0]),
        cursor=Cursor(*row[1:5]),
        claim=Cursor(*row[5:9]),
        visible=bool(visible),
        lost=bool(lost),
        compare=bool(compare),
        staged=None if row[9] is None else Cursor(*row[9:13]),
        checksum=Checksum(count, unsigned(total)),
        doubt=bool(doubted),
    )
