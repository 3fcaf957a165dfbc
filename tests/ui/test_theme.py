"""Colours, text size, motion and typefaces: what is drawn follows the tokens and the person's choice."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLabel

from spoc_desktop.ui import audit, fonts, icons
from spoc_desktop.ui.assets import asset
from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.tokens import THEMES, read_tokens
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.text import Text
from tests.ui.sample_pages import PAGES, furnish


def test_every_colour_pair_of_the_four_themes_keeps_its_contrast() -> None:
    assert audit.token_faults(read_tokens(asset("themes", "tokens.json"))) == []


def test_a_pale_text_colour_in_the_tokens_would_be_found() -> None:
    tokens = read_tokens(asset("themes", "tokens.json"))
    pale = {**tokens.colours, "light": {**tokens.colours["light"], "muted": "#AAAAAA"}}
    object.__setattr__(tokens, "colours", pale)
    assert any("light: muted on surface" in fault for fault in audit.token_faults(tokens))


@pytest.mark.parametrize("mode", THEMES)
def test_each_theme_gives_stock_widgets_a_whole_palette(app: QApplication, mode: str) -> None:
    theme().set(mode=mode)
    palette = app.palette()
    assert palette.color(QPalette.ColorRole.Window) == theme().colour("background")
    assert palette.color(QPalette.ColorRole.Highlight) == theme().colour("selection")
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
        text, ground = (palette.color(group, role) for role in (QPalette.ColorRole.Text, QPalette.ColorRole.Base))
        assert audit.contrast(text, ground) >= 7


def test_changing_the_theme_repaints_what_is_open(app: QApplication) -> None:
    button = Button("Continuer", "primary")
    button.show()
    before = button.grab().toImage()
    theme().set(mode="dark")
    app.processEvents()
    assert button.grab().toImage() != before


def test_a_colour_handed_out_cannot_be_spoiled_by_who_got_it() -> None:
    theme().colour("text").setAlphaF(0.1)
    assert theme().colour("text").alphaF() == 1


def test_text_size_doubles_fonts_and_lines_and_stops_at_its_limits() -> None:
    theme().set(scale=2.0)
    assert (theme().font("body").pixelSize(), theme().line("body")) == (28, 40)
    theme().larger()
    assert theme().scale == 2.0
    theme().set(scale=1.0)
    theme().smaller()
    assert theme().scale == 1.0


def test_reading_without_serifs_takes_inter_for_the_words_of_people() -> None:
    assert theme().font("lesson").families()[0] == "Source Serif 4"
    theme().set(sans=True)
    assert theme().font("lesson").families()[0] == "Inter"


def test_reduced_motion_makes_every_movement_instant() -> None:
    theme().set(motion=True)
    assert theme().duration("move") == 220
    theme().set(motion=False)
    assert theme().duration("move") == 0


def test_high_contrast_goes_on_and_off_with_one_action() -> None:
    theme().toggle_contrast()
    assert theme().name == "contrastLight"
    theme().toggle_contrast()
    assert theme().appearance.mode == "system"


def test_the_system_decides_where_the_person_did_not(app: QApplication) -> None:
    theme().set(mode="system")
    app.styleHints().setColorScheme(Qt.ColorScheme.Dark)
    dark = app.styleHints().colorScheme() == Qt.ColorScheme.Dark
    assert theme().name == ("dark" if dark else "light")
    app.styleHints().unsetColorScheme()


def test_every_face_is_ours_and_the_style_sheet_names_no_other() -> None:
    fonts.load_fonts()
    for role in theme().tokens.roles:
        assert theme().font(role).families()[0] in fonts.FAMILIES


def test_a_missing_icon_is_named() -> None:
    with pytest.raises(icons.IconMissing, match="no-such-icon"):
        icons.pixmap("no-such-icon", "#000000", 20)


def test_an_icon_is_drawn_in_the_colour_asked_for() -> None:
    image = icons.pixmap("check", "#ff0000", 40).toImage()
    pixels = [image.pixelColor(x, y) for x in range(40) for y in range(40)]
    assert {pixel.name() for pixel in pixels if pixel.alpha() == 255} == {"#ff0000"}


def test_no_text_of_the_toolkit_falls_back_to_a_font_of_the_system(window: MainWindow) -> None:
    furnish(window)
    for route, *_rest in PAGES:
        window.open(route)
        assert fonts.fallbacks(window) == []


def test_text_that_our_faces_cannot_draw_is_found() -> None:
    label = QLabel("漢字")
    label.setFont(theme().font("body"))
    assert [found.text for found in fonts.fallbacks(label)] == ["漢字"]
    assert fonts.foreign_families("Élève\u202f: «\u00a0œuvre\u00a0» ·’", theme().font("mono")) == []


def test_a_text_grows_with_its_lines_and_is_never_read_as_html(app: QApplication) -> None:
    text = Text("<b>une phrase</b> assez longue pour passer à la ligne", wrap=True)
    assert text.textFormat() == Qt.TextFormat.PlainText
    assert text.heightForWidth(120) > text.heightForWidth(500)
    assert text.heightForWidth(500) == theme().line("body")


def test_an_appearance_that_makes_no_sense_is_brought_to_sense() -> None:
    theme().set(scale=9.0)
    assert theme().scale == 2.0
