"""Words, dates, durations and numbers in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from spoc_desktop import i18n
from spoc_desktop.i18n import CatalogueError, read_catalogue
from tools import catalogues


def test_both_catalogues_are_complete_and_keep_their_placeholders() -> None:
    assert list(catalogues.faults()) == []


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", ("mardi 24 novembre", "24 novembre 2026", "ven.\u00a020", "1\u00a0h\u00a011", "9\u00a0h\u00a005")),
        ("en", ("Tuesday 24 November", "24 November 2026", "Fri\u00a020", "1\u00a0h\u00a011", "9:05")),
    ],
)
def test_dates_and_durations_are_written_as_the_language_does(language: str, expected: tuple[str, ...]) -> None:
    i18n.use(language)
    today = date(2026, 11, 24)
    nine = datetime(2026, 11, 24, 9, 5, tzinfo=UTC)
    friday = date(2026, 11, 20)
    written = (i18n.day(today), i18n.day_with_year(today), i18n.short_day(friday), i18n.duration(71), i18n.clock(nine))
    assert written == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", ("12\u202f500,5", "54\u00a0%", "210\u00a0ko", "1,4\u00a0Go", "1er\u00a0")),
        ("en", ("12,500.5", "54%", "210\u00a0kB", "1.4\u00a0GB", "1\u00a0")),
    ],
)
def test_numbers_and_sizes_are_written_as_the_language_does(language: str, expected: tuple[str, ...]) -> None:
    i18n.use(language)
    first = i18n.day_with_year(date(2026, 12, 1)).split(" ")[0] + "\u00a0"
    sizes = (i18n.size(210_000), i18n.size(1_400_000_000))
    assert (i18n.number(12500.5, 1), i18n.percent(0.54), *sizes, first) == expected


def test_a_day_near_today_is_said_as_people_say_it() -> None:
    i18n.use("fr")
    today = date(2026, 11, 24)
    said = [i18n.near_day(date(2026, 11, day), today) for day in (23, 24, 25, 26, 30)]
    assert said == ["hier", "aujourd’hui", "demain", "jeudi", "lundi"]
    assert i18n.near_day(date(2026, 11, 14), today) == "samedi 14 novembre"
    assert i18n.near_day(date(2025, 11, 14), today) == "14 novembre 2025"


def test_durations_are_whole_minutes_and_never_negative() -> None:
    assert [i18n.duration(minutes) for minutes in (0, 25, 60, 65, -3)] == [
        "0\u00a0min",
        "25\u00a0min",
        "1\u00a0h",
        "1\u00a0h\u00a005",
        "0\u00a0min",
    ]


def test_french_counts_nought_and_one_in_the_singular(tmp_path: Path) -> None:
    path = tmp_path / "x.po"
    path.write_text('msgid "{n} day"\nmsgid_plural "{n} days"\nmsgstr[0] "{n} jour"\nmsgstr[1] "{n} jours"\n', "utf-8")
    french = read_catalogue(path, "fr")
    assert [french.plural("{n} day", "{n} days", n) for n in (0, 1, 2)] == ["{n} jour", "{n} jour", "{n} jours"]
    english = read_catalogue(path, "en")
    assert english.plural("{n} day", "{n} days", 0) == "{n} jours"
    assert english.plural("{n} hour", "{n} hours", 0) == "{n} hours"


def test_a_word_has_its_own_translation_in_each_context(tmp_path: Path) -> None:
    path = tmp_path / "x.po"
    path.write_text('msgctxt "verb"\nmsgid "Open"\nmsgstr "Ouvrir"\n\nmsgid "Open"\nmsgstr "Ouvert"\n', "utf-8")
    french = read_catalogue(path, "fr")
    assert (french.get("Open", "verb"), french.get("Open"), french.get("Shut")) == ("Ouvrir", "Ouvert", "Shut")


def test_a_fuzzy_or_empty_translation_falls_back_to_english(tmp_path: Path) -> None:
    path = tmp_path / "x.po"
    path.write_text('#, fuzzy\nmsgid "One"\nmsgstr "Un"\n\nmsgid "Two"\nmsgstr ""\n', "utf-8")
    french = read_catalogue(path, "fr")
    assert (french.get("One"), french.get("Two")) == ("One", "Two")


def test_a_text_over_several_lines_with_escapes_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.po"
    path.write_text('msgid ""\n"a\\n"\n"\\"b\\""\nmsgstr "c\\\\d\\te"\n', "utf-8")
    assert read_catalogue(path, "fr").get('a\n"b"') == "c\\d\te"


@pytest.mark.parametrize(("text", "line"), [('msgid "a\n', 1), ('"a"\n', 1), ('msgid "a"\nword "b"\n', 2)])
def test_a_broken_catalogue_is_refused_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "x.po"
    path.write_text(text, "utf-8")
    with pytest.raises(CatalogueError) as refused:
        read_catalogue(path, "fr")
    assert refused.value.line == line


def test_an_unknown_language_is_answered_in_english() -> None:
    i18n.use("tlh")
    assert i18n.language() == "en"


class TestTheTool:
    """The catalogue tool on a small program."""

    @pytest.fixture
    def folders(self, tmp_path: Path) -> tuple[Path, Path]:
        """A program with three texts, and an empty folder of translations."""
        source = tmp_path / "program"
        source.mkdir()
        source.joinpath("a.py").write_text(
            'a = _("Why {name}?")\nb = ngettext("{n} day", "{n} days", 2)\nc = pgettext("verb", "Open")\n', "utf-8"
        )
        return tmp_path / "po", source

    def test_new_texts_are_collected_and_english_fills_itself(self, folders: tuple[Path, Path]) -> None:
        catalogues.update(*folders)
        assert [fault for fault in catalogues.faults(*folders) if fault.startswith("en")] == []
        assert len([fault for fault in catalogues.faults(*folders) if "not translated" in fault]) == 3

    @pytest.mark.parametrize(
        ("french", "reason"),
        [
            ("Pourquoi {nom}\u202f?", "placeholders differ"),
            ("Pourquoi {name} ?", "U+202F"),
            ("Pourquoi «{name}»\u202f?", "inside"),
            ("D'où {name}\u202f?", "apostrophe"),
            ("Pourquoi\u202f: {name}\u202f?", "U+00A0 before it"),
        ],
    )
    def test_a_bad_french_text_is_named_with_its_fault(
        self, folders: tuple[Path, Path], french: str, reason: str
    ) -> None:
        catalogues.update(*folders)
        path = catalogues.path_of("fr", folders[0])
        text = path.read_text("utf-8").replace(
            'msgid "Why {name}?"\nmsgstr ""', f'msgid "Why {{name}}?"\nmsgstr "{french}"'
        )
        path.write_text(text, "utf-8")
        assert any(reason in fault and "Why" in fault for fault in catalogues.faults(*folders))

    def test_what_was_translated_stays_and_what_is_gone_goes(self, folders: tuple[Path, Path]) -> None:
        catalogues.update(*folders)
        path = catalogues.path_of("fr", folders[0])
        path.write_text(
            path.read_text("utf-8").replace('msgid "Open"\nmsgstr ""', 'msgid "Open"\nmsgstr "Ouvrir"'), "utf-8"
        )
        folders[1].joinpath("a.py").write_text('c = pgettext("verb", "Open")\n', "utf-8")
        catalogues.update(*folders)
        assert read_catalogue(path, "fr").messages == {("verb", "Open"): ("Ouvrir",)}
