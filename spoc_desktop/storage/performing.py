"""The steps of a reply, each as SQL, in the caller's transaction (``sync.client.steps`` says what each one means)."""

from collections.abc import Callable, Sequence

from spoc_desktop.storage import file_ahead, incidents, meta, outbox, records, spaces, staging, trash, wiping
from spoc_desktop.storage.file_index import FileIndex
from spoc_desktop.storage.giving_back import give_back
from spoc_desktop.storage.projections import Projections
from spoc_desktop.storage.transaction import Transaction, Values
from sync.client import steps
from sync.client.ports import Stretch
from sync.client.steps import Step
from sync.domain.merge import GONE

_KIND, _ID, _SEQ, _BODY = 1, 2, 3, 6


class Performer:
    """Performs steps inside one transaction. `now` gives the time in milliseconds by which things are kept."""

    def __init__(
        self,
        transaction: Transaction,
        projections: Projections,
        files: FileIndex,
        now: Callable[[], int],
        most_confirmed: int,
    ) -> None:
        self._transaction = transaction
        self._projections = projections
        self._files = files
        self._now = now
        self._most_confirmed = most_confirmed
        self.has_written = False
        """Something that the server lacks waits to be sent again under a new name."""

    def perform(self, step: Step) -> None:
        """Do one step."""
        transaction = self._transaction
        match step:
            case steps.Apply():
                self._apply(step)
            case steps.Stage():
                self._stage(step)
            case steps.Reach():
                self._reach(step)
            case steps.Mend():
                self._mend(step)
            case steps.Begin():
                self._begin(step)
            case steps.Revoke():
                self._revoke(step)
            case steps.Confirm():
                outbox.confirm(transaction, self._number(step.space), step, self._now())
            case steps.Refuse():
                outbox.refuse(transaction, self._number(step.space), step, self._now())
            case steps.Claim(space, cursor):
                spaces.claim(transaction, self._number(space), cursor)
            case _:
                self._keep_house(step)

    def _keep_house(
        self, step: steps.Agree | steps.Compare | steps.NewWriter | steps.Backed | steps.MarkSafe | steps.Forget
    ) -> None:
        match step:
            case steps.Agree(space):
                spaces.doubt(self._transaction, self._number(space), doubted=False)
            case steps.Compare(space):
                spaces.ask_compare(self._transaction, self._number(space))
            case steps.NewWriter(writer, of, renamed):
                meta.put_writer(self._transaction, writer, outbox.rename(self._transaction, writer, of, renamed))
            case steps.Backed(number):
                meta.put(self._transaction, "backup", number)
            case steps.MarkSafe(space, epoch, seq):
                spaces.safe_up_to(self._transaction, self._number(space), epoch, seq)
            case steps.Forget(now):
                outbox.forget(self._transaction, now, self._most_confirmed)
                outbox.offer_what_had_no_room(self._transaction, now)
                trash.forget(self._transaction, now)
                file_ahead.forget(self._transaction, now)
                self._files.sweep(self._transaction)

    def _number(self, space: bytes) -> int:
        return self._transaction.number(space)

    def _apply(self, step: steps.Apply) -> None:
        space = self._number(step.space)
        staging.drop(self._transaction, space)
        rows = records.values_of(space, step.rows)
        with wiping.wiped(self._transaction, space, rows):
            records.apply(self._transaction, space, rows)
        self._give_back_newer(space, step.cursor.epoch)
        spaces.move(self._transaction, space, step.cursor)
        alive = {row.id for row in step.rows if bytes(row.body) not in GONE}
        outbox.offer_again(self._transaction, space, alive)
        if spaces.state(self._transaction, space).visible:
            outbox.pulled(self._transaction, space, step.cursor.epoch, step.cursor.seq)

    def _stage(self, step: steps.Stage) -> None:
        space = self._number(step.space)
        staging.keep(self._transaction, records.values_of(space, step.rows))
        spaces.move_staged(self._transaction, space, step.cursor)

    def _reach(self, step: steps.Reach) -> None:
        space = self._number(step.space)
        before = spaces.state(self._transaction, space)
        if before.staged is not None:
            alive = staging.alive(self._transaction, space)
            with wiping.wiped(self._transaction, space):
                staging.flush(self._transaction, space)
            self._give_back_newer(space, before.staged.epoch)
            outbox.offer_again(self._transaction, space, alive)
            spaces.move(self._transaction, space, before.staged)
        if before.visible:
            trash.keep(self._transaction, space, self._now())
        begun = spaces.begun(self._transaction, space)
        if begun:  # looking for what was not told again reads the whole space
            self._set_aside_untold(space, step.floor, begun)
        if spaces.raise_floor(self._transaction, space, step.floor):  # looking for them reads the whole space
            records.drop_tombstones(self._transaction, space, step.floor)
        state = spaces.state(self._transaction, space)
        if begun:
            outbox.pulled_anew(self._transaction, space, state.cursor.epoch, state.cursor.seq)
        else:
            outbox.pulled(self._transaction, space, state.cursor.epoch, state.cursor.seq)
        differs = state.checksum != step.checksum
        if differs:
            incidents.differs(self._transaction, space, self._now())
        spaces.reach(self._transaction, space, doubt=differs)
        if not state.visible:
            self._transaction.redraw(space, records.kinds(self._transaction, space))

    def _set_aside_untold(self, space: int, floor: int, epoch: int) -> None:
        """What stood up to the floor of the same epoch was deleted; the rest is an incident."""
        same = epoch == spaces.state(self._transaction, space).cursor.epoch
        untold = records.untold(self._transaction, space)
        aside = [row for row in untold if not same or row[_SEQ] > floor]
        incidents.set_aside(self._transaction, aside, self._now())
        self._give_back(space, [(row, None) for row in untold if row[_SEQ] > floor], epoch)

    def _give_back_newer(self, space: int, now: int) -> None:
        """What the space had in a newer state than it is told now, in the epoch `now`, is offered."""
        older, self._transaction.older = self._transaction.older, []
        if older:
            epoch = spaces.begun(self._transaction, space)
            self._give_back(space, [pair for pair in older if pair[1][_SEQ] < -pair[0][_SEQ] or epoch != now], epoch)

    def _give_back(self, space: int, lost: Sequence[tuple[Values, Values | None]], epoch: int) -> None:
        if give_back(self._transaction, self._projections.person, space, lost, epoch):
            self.has_written = True

    def _mend(self, step: steps.Mend) -> None:
        transaction, space = self._transaction, self._number(step.space)
        told = {row.id: row for row in step.rows}
        ours = records.within(transaction, space, [Stretch(span.after, span.upto) for span in step.told])
        beyond = [(row, told[row[_ID]].seq if row[_ID] in told else 0) for row in ours]
        lacking = [(row, seq) for row, seq in beyond if row[_SEQ] > seq and bytes(row[_BODY]) not in GONE]
        incidents.set_aside(transaction, [row for row, _ in lacking], self._now())
        for row, seq in lacking:
            outbox.wait_again(transaction, space, row[_KIND], row[_ID], seq)
        rows = records.values_of(space, step.rows)
        with wiping.wiped(transaction, space, rows):
            records.exchange(transaction, space, ours, rows)
        instead = {row[_ID]: row for row in rows}
        lost = [(row, instead.get(row[_ID])) for row, _ in lacking]
        self._give_back(space, lost, spaces.state(transaction, space).cursor.epoch)

    def _begin(self, step: steps.Begin) -> None:
        space = self._number(step.space)
        staging.drop(self._transaction, space)
        records.begin(self._transaction, space)
        spaces.begin(self._transaction, space, step.epoch)
        outbox.begin(self._transaction, space)

    def _revoke(self, step: steps.Revoke) -> None:
        space = self._number(step.space)
        records.drop(self._transaction, space)
        staging.drop(self._transaction, space)
        incidents.drop(self._transaction, space)
        trash.drop(self._transaction, space)
        outbox.quarantine(self._transaction, space)
        self._projections.drop_space(self._transaction, space)
        self._files.drop_space(self._transaction, space)
        spaces.lose(self._transaction, space)
