"""Long outboxes: what sends a batch the way of its entries alone, and when a part may go ahead."""

from tests.mutants.mutant import Change, Mutant

_NEWCOMERS = "sync/server/sync/newcomers.py"


def _bug(name: str, before: str, after: str, caught_by: str) -> Mutant:
    return Mutant(
        name, (Change(_NEWCOMERS, before, after),), f"tests/integration/server/test_newcomers.py -k {caught_by}"
    )


_ENGINE = "sync/client/engine.py"
_AHEAD = "tests/unit/client/test_pipelining.py"

PARTS_AHEAD = (
    Mutant(
        "a_part_ahead_claims_an_older_place",
        (
            Change(
                _ENGINE,
                "Asked(laptop, waiting, self._request(laptop, waiting, run), rest)",
                "Asked(laptop, waiting, self._request(asked.laptop, waiting, run), rest)",
            ),
        ),
        f"{_AHEAD} -k claims_the_place",
    ),
    Mutant(
        "a_part_goes_ahead_of_a_refusal",
        (Change("sync/client/foreseeing.py", "            return None\n", "            continue\n"),),
        f"{_AHEAD} -k not_the_usual_one",
    ),
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
