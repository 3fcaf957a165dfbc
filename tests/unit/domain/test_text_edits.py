"""What a person changed in a text, and the same change where others changed it meanwhile."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.domain.text_edits import Splice, applied, moved, splices

_TEXT = st.text(alphabet="ab é😀\n.", max_size=60)


@given(_TEXT, _TEXT)
def test_the_splices_from_one_text_to_another_make_the_other(before: str, after: str) -> None:
    assert applied(before, splices(before, after)) == after


def test_only_what_changed_is_touched() -> None:
    assert splices("un deux trois", "un deux et trois") == (Splice(8, 0, "et "),)
    assert splices("un deux trois", "un trois") == (Splice(3, 5, ""),)
    assert splices("same", "same") == ()


@pytest.mark.parametrize(
    ("before", "present", "after", "wanted"),
    [
        ("un deux trois", "zéro un deux trois", "un deux et trois", "zéro un deux et trois"),
        ("un deux trois", "un deux trois quatre", "un 2 trois", "un 2 trois quatre"),
        ("un deux trois", "un trois", "un deux et demi trois", "un et demi trois"),
        ("un deux trois", "un deux bis trois", "un trois", "un bis trois"),
        ("un deux trois", "rien", "un deux trois quatre", "rien quatre"),
        ("", "déjà là", "moi aussi", "déjà làmoi aussi"),
    ],
)
def test_a_change_keeps_its_place_among_the_words_of_others(before: str, present: str, after: str, wanted: str) -> None:
    assert applied(present, moved(splices(before, after), before, present)) == wanted


@given(_TEXT, _TEXT, _TEXT)
def test_words_that_were_added_are_there_whatever_others_did(before: str, present: str, extra: str) -> None:
    after = before + "[" + extra + "]"
    text = applied(present, moved(splices(before, after), before, present))
    for letter in "[]":
        assert text.count(letter) == 1


@given(_TEXT, _TEXT, _TEXT)
def test_moved_splices_follow_each_other_and_stay_inside_the_text(before: str, present: str, after: str) -> None:
    end = 0
    for splice in moved(splices(before, after), before, present):
        assert splice.at >= end
        end = splice.at + splice.gone
    assert end <= len(present)


def test_texts_too_long_to_compare_by_words_are_compared_by_lines() -> None:
    before = "".join(f"ligne {number}\n" for number in range(3000))
    after = "zéro\n" + before.replace("ligne 2999\n", "fin\n").replace("ligne 1500\n", "")
    found = splices(before, after)
    assert applied(before, found) == after
    assert sum(splice.gone for splice in found) < 40
