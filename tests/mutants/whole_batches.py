"""A batch taken as a whole: what sends it the way of its entries alone."""

from tests.mutants.mutant import Change, Mutant

_NEWCOMERS = "sync/server/sync/newcomers.py"


def _bug(name: str, before: str, after: str, caught_by: str) -> Mutant:
    return Mutant(
        name, (Change(_NEWCOMERS, before, after),), f"tests/integration/server/test_newcomers.py -k {caught_by}"
    )


WHOLE_BATCHES = (
    _bug("whole_batch_over_what_is_there", "desk.log.has_any(ids) or ", "", "record_that_is_there"),
    _bug("whole_batch_with_what_is_none_of_its_kind", " or not _are_sound(created, bodies)", "", "none_of_its_kind"),
    _bug("whole_batch_beyond_the_quota", " or not room.take(sum(map(len, entries.raws)))", "", "room_for"),
    _bug("whole_batch_of_bodies_too_long", "max(map(len, bodies)) > MAX_BODY or ", "", "too_long"),
    _bug(
        "whole_batch_without_asking_who_may",
        "return desk.may(kind, Operation.CREATE, is_author=True)",
        "return True",
        "stands_elsewhere",
    ),
    _bug("whole_batch_names_any_file", " or kind.files", "", "names_files"),
)
