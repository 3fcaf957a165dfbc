"""An author's laptop and its pages."""

from __future__ import annotations

from spoc_desktop.app import Application
from spoc_desktop.ui.main_window import MainWindow
from tools.sample_author import tell_drafts
from tools.sample_laptop import CLAIRE, SampleLaptop


def author_laptop() -> SampleLaptop:
    """Claire's laptop, with the drafts as the server told them and an empty course."""
    laptop = SampleLaptop(CLAIRE)
    laptop.told_all()
    tell_drafts(laptop)
    return laptop


def register(window: MainWindow, laptop: SampleLaptop) -> None:
    """Every page of this person, as the program registers them."""
    for make in Application().page_makers():
        for place in make(laptop.workplace):
            window.register(place)
    laptop.workplace.syncing.listen(window.notify)
