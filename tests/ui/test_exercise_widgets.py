"""The small widgets of the exercise page: steps, rubric, remarks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from spoc_desktop.ui.widgets.remark import Remark
from spoc_desktop.ui.widgets.rubric_view import RubricRow, RubricView
from spoc_desktop.ui.widgets.stepper import Step, Stepper
from spoc_desktop.ui.widgets.text import Text

STEPS = [
    Step("Version 1 rendue", "19 novembre", "done"),
    Step("Version 2", "avant jeudi", "waits"),
    Step("Acceptée", "", "coming"),
]


def test_a_screen_reader_hears_each_step_with_its_state(qtbot: QtBot) -> None:
    made = Stepper(STEPS, "Les étapes")
    qtbot.addWidget(made)
    assert made.accessibleName() == "Les étapes"
    assert made.accessibleDescription() == (
        "Version 1 rendue, 19 novembre, fait. Version 2, avant jeudi, vous attend. Acceptée, à venir"
    )


def test_steps_stand_one_under_the_other_where_there_is_no_room(qtbot: QtBot) -> None:
    made = Stepper(STEPS, "Les étapes")
    qtbot.addWidget(made)
    assert made.heightForWidth(200) > made.heightForWidth(700)
    for width in (700, 200):
        made.resize(width, made.heightForWidth(width))
        made.show()
        places = [text.geometry() for text in made.findChildren(Text) if text.text()]
        assert all(made.rect().contains(place) for place in places), width
        assert not any(a.intersects(b) for n, a in enumerate(places) for b in places[n + 1 :]), width


def test_no_steps_at_all_take_no_room(qtbot: QtBot) -> None:
    made = Stepper([], "Les étapes")
    qtbot.addWidget(made)
    made.resize(300, 40)
    made.show()
    assert made.heightForWidth(300) == 0


def test_the_words_of_a_criterion_say_what_its_bars_draw(qtbot: QtBot) -> None:
    made = RubricView([RubricRow("Ordre", 2, 3, "2 sur 3 · juste"), RubricRow("Beaucoup", 40, 100, "40 sur 100")])
    qtbot.addWidget(made)
    names = [text.accessibleName() for text in made.findChildren(Text)]
    assert "Ordre\u00a0: 2 sur 3 · juste" in names
    for width in (700, 240):
        made.resize(width, made.heightForWidth(width) if made.hasHeightForWidth() else 300)
        made.show()


def test_a_remark_is_gone_to_and_answered(qtbot: QtBot) -> None:
    made = Remark(2, "Dans quel ordre ?", answer="Répondre")
    qtbot.addWidget(made)
    made.add_reply("Le chargé de travaux en dernier.", "Vous, hier")
    made.show()
    went: list[tuple[str, int]] = []
    made.picked.connect(lambda number: went.append(("picked", number)))
    made.answer_wanted.connect(lambda number: went.append(("answer", number)))
    QTest.mouseClick(made, Qt.MouseButton.LeftButton)
    assert made.link is not None
    QTest.mouseClick(made.link, Qt.MouseButton.LeftButton)
    assert went == [("picked", 2), ("answer", 2)]
    assert made.link.accessibleName() == "Répondre à la remarque 2"
