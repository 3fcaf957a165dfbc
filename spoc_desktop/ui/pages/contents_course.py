"""The outline of a course that is being written: modules and activities in order, each with its minutes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from spoc_desktop.i18n import _, duration
from spoc_desktop.services.authoring_outline import (
    insert_activity,
    insert_module,
    move_activity,
    move_module,
    place_of,
    rename_module,
    take_activity,
    take_module,
)
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.contents_editing import SECTION, DraftPage
from spoc_desktop.ui.pages.contents_margin import Publishing
from spoc_desktop.ui.pages.contents_words import (
    ROUTES,
    change_words,
    difference_lines,
    edition_words,
    icon_of,
    sort_of,
    sort_word,
)
from spoc_desktop.ui.pages.loaded import not_here_yet
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.callout import Callout
from spoc_desktop.ui.widgets.field import WideEdit
from spoc_desktop.ui.widgets.flow import Hairline, column, flow, row
from spoc_desktop.ui.widgets.glyph import Glyph
from spoc_desktop.ui.widgets.icon_button import IconButton
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.number_edit import NumberEdit
from spoc_desktop.ui.widgets.text import Text
from sync.client.ports import Changes
from sync.domain.courses import Module

if TYPE_CHECKING:
    from spoc_desktop.services.authoring_drafts import Shelved
    from spoc_desktop.services.workplace import Workplace
    from spoc_desktop.ui.page import Frame

MOST_MINUTES, MOST_WEEK = 600, 60


class CourseOutlinePage(DraftPage["Shelved"]):
    """Everything is in reach of Tab: a title to write in, up and down, take out."""

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame, workplace)
        self.publishing = Publishing(self)

    def opened(self, **params: object) -> None:
        self.publishing.forget()
        super().opened(**params)

    def read(self, params: Mapping[str, Any]) -> Shelved:
        return self.workplace.drafts.course(bytes(params["course_id"]))

    # -- drawing

    def show_found(self, found: Shelved) -> None:
        self.set_crumbs(Crumb(_("Contents"), SECTION), Crumb(found.title or _("Course")))
        if found.drafts is None:
            self.main.add(not_here_yet(self.workplace, _("The draft arrives with the next synchronisation.")))
            return
        course = found.drafts.course
        minutes = sum(body.minutes for body in map(found.drafts.find, self._named(course.modules)) if body is not None)
        self.main.add(Text(edition_words(found, self.workplace.desk.now()), "small", "muted", wrap=True))
        settings = Button(_("Settings of the course"), icon="settings", size="small")
        settings.setObjectName("settings")
        settings.clicked.connect(lambda: self.frame.open("contents_settings", course_id=self.course_id))
        self.main.add(flow(Text(course.title, "title", wrap=True), settings, spread=True, least=200), 4)
        planned = _("{time} planned").format(time=duration(minutes))
        self.main.add(flow(Text(planned, "small", "muted"), self.make_saved_line(), gap=16), 4)
        if found.is_refused:
            self.main.add(self._refused(), 16)
        if not course.modules:
            said = _("A course is made of modules, one a week. Add the first one.")
            self.main.add(Text(said, "body", "muted", wrap=True), 24)
        for place, module in enumerate(course.modules):
            self.main.add(self._module(found, module, place), 24 if place == 0 else 32)
        add = Button(_("Add a module"), icon="plus")
        add.setObjectName("add_module")
        add.clicked.connect(self.add_module)
        self.main.add(add, 24, left=True)
        self.show_margin(found)

    def _refused(self) -> QWidget:
        return Callout(
            "attention",
            _("The server did not take a change of this course."),
            _("You may read it, not write it: ask your IT department to make you its author. What you wrote is kept."),
        )

    @staticmethod
    def _named(modules: tuple[Module, ...]) -> list[bytes]:
        return [activity for module in modules for activity in module.activities]

    def _module(self, found: Shelved, module: Module, place: int) -> QWidget:
        key = module.id.hex()
        title = WideEdit()
        title.setObjectName(f"module_{key}")
        title.setAccessibleName(_("Title of module {number}").format(number=place + 1))
        title.begin(module.title)
        title.textEdited.connect(lambda text: self.keep(**{f"title {key}": text}))
        week = NumberEdit(module.week, 1, MOST_WEEK)
        week.setObjectName(f"week_{key}")
        week.setAccessibleName(_("Week of module {number}").format(number=place + 1))
        week.changed.connect(lambda number: self.keep(**{f"week {key}": number}))
        last = place == len(found.drafts.course.modules) - 1 if found.drafts is not None else True
        moves = self._moves(
            key,
            module.title,
            (place == 0, last),
            lambda step: self.move_module(module, step),
            lambda: self.take_module(module),
        )
        head = flow(Text(_("Week"), "label"), week, *moves, gap=6)
        parts: list[QWidget] = [flow(title, head, spread=True, least=220, gap=12), Hairline()]
        for number, activity in enumerate(module.activities):
            parts.append(self._activity(found, module, activity, number))
        parts.append(self._adders(module))
        return column(*parts, gap=8)

    def _activity(self, found: Shelved, module: Module, activity: bytes, number: int) -> QWidget:
        body = found.drafts.find(activity) if found.drafts is not None else None
        key = activity.hex()
        if body is None:
            said = _("The text of this activity arrives with the next synchronisation.")
            return Text(said, "small", "muted", wrap=True)
        way = LinkButton(body.title or _("Without a title"), colour="text", role="body")
        way.setObjectName(f"open_{key}")
        way.setAccessibleName(f"{way.text()}, {sort_word(body)}")
        route = ROUTES[sort_of(body)]
        here: dict[str, object] = {"course_id": self.course_id, "activity_id": activity}
        way.clicked.connect(lambda _checked=False: self.frame.open(route, **here))
        minutes = NumberEdit(body.minutes, 1, MOST_MINUTES)
        minutes.setObjectName(f"minutes_{key}")
        minutes.setAccessibleName(_("Minutes of “{title}”").format(title=body.title))
        minutes.changed.connect(lambda count: self.keep(**{f"minutes {key}": count}))
        modules = found.drafts.course.modules if found.drafts is not None else ()
        at = [one.id for one in modules].index(module.id)
        first = at == 0 and number == 0
        last = at == len(modules) - 1 and number == len(module.activities) - 1
        moves = self._moves(
            key,
            body.title,
            (first, last),
            lambda step: self.move_activity(activity, body.title, step),
            lambda: self.take_activity(activity, body.title),
        )
        ends = flow(minutes, Text(_("min"), "small", "muted"), *moves, gap=6)
        return row(Glyph(icon_of(body)), flow(way, ends, spread=True, least=200, gap=12), gap=12, stretch=1)

    @staticmethod
    def _moves(
        key: str, title: str, ends: tuple[bool, bool], move: Callable[[int], None], take: Callable[[], None]
    ) -> list[QWidget]:
        up = IconButton("chevron-up", _("Move “{title}” up").format(title=title))
        down = IconButton("chevron-down", _("Move “{title}” down").format(title=title))
        away = IconButton("trash-2", _("Take “{title}” out of the course").format(title=title))
        for button, name in ((up, "up"), (down, "down"), (away, "take")):
            button.setObjectName(f"{name}_{key}")
        up.setEnabled(not ends[0])
        down.setEnabled(not ends[1])
        up.clicked.connect(lambda _checked=False: move(-1))
        down.clicked.connect(lambda _checked=False: move(1))
        away.clicked.connect(lambda _checked=False: take())
        return [up, down, away]

    def _adders(self, module: Module) -> QWidget:
        buttons: list[QWidget] = []
        for sort, words, icon in (
            ("lesson", _("Lesson"), "file-text"),
            ("quiz", _("Quiz"), "list-checks"),
            ("exercise", _("Exercise"), "file-pen-line"),
        ):
            add = Button(words, "quiet", icon, size="small")
            add.setObjectName(f"add_{sort}_{module.id.hex()}")
            said = _("{what}: add to “{module}”").format(module=module.title, what=words)
            add.setAccessibleName(said)
            add.clicked.connect(lambda _checked=False, sort=sort: self.add_activity(module.id, sort))
            buttons.append(add)
        return flow(Text(_("Add:"), "small", "muted"), *buttons, gap=8)

    def show_margin(self, found: Shelved) -> None:
        if found.drafts is None:
            return
        self.publishing.add_checks(found, 0)
        self.publishing.add_publish(found)
        if found.differences.count:
            self.margin.add(Text(change_words(found), "section", wrap=True), 24)
            for place, (what, title) in enumerate(difference_lines(found.differences)):
                self.margin.add(Text(f"{what} · {title}", "small", wrap=True), 8 if place == 0 else 4)

    # -- writing

    def store(self, params: Mapping[str, Any], fields: Mapping[str, Any]) -> Changes:
        drafts, changes, course_id = self.workplace.drafts, Changes(), bytes(params["course_id"])
        for name, value in fields.items():
            what, _blank, key = name.partition(" ")
            id_ = bytes.fromhex(key)
            if what == "minutes":
                changes |= drafts.change_activity(course_id, id_, minutes=value)
            else:
                changes |= drafts.change_modules(course_id, partial(rename_module, module_id=id_, **{what: value}))
        return changes

    def _reshape(self, change: Callable[[list[Module]], list[Module]], said: str = "") -> None:
        course_id = self.course_id
        self.change(lambda: self.workplace.drafts.change_modules(course_id, change))
        if said:
            announce(self, said)

    def add_module(self) -> None:
        """A module for the week after the last one."""
        new_id = self.workplace.desk.new_id()

        def add(modules: list[Module]) -> list[Module]:
            week = min(MOST_WEEK, max((one.week for one in modules), default=0) + 1)
            title = _("Week {week}").format(week=week)
            return [*modules, Module(id=new_id, title=title, week=week, activities=())]

        self._reshape(add, _("A module was added at the end."))

    def add_activity(self, module_id: bytes, sort: str) -> None:
        """A new activity, opened at once."""
        course_id = self.course_id
        title = {"lesson": _("New lesson"), "quiz": _("New quiz"), "exercise": _("New exercise")}[sort]

        def added(made: tuple[bytes, Changes]) -> None:
            activity, changes = made
            self.workplace.changed(changes)
            self.frame.open(ROUTES[sort], course_id=course_id, activity_id=activity)

        self.write(lambda: self.workplace.drafts.add_activity(course_id, module_id, sort, title), added)

    def move_module(self, module: Module, step: int) -> None:
        """One place up (-1) or down (1)."""
        said = _("“{title}” moved up.") if step < 0 else _("“{title}” moved down.")
        self._reshape(lambda modules: move_module(modules, module.id, step), said.format(title=module.title))

    def move_activity(self, activity: bytes, title: str, step: int) -> None:
        """One place up (-1) or down (1), into the module beside where it is at the edge."""
        said = _("“{title}” moved up.") if step < 0 else _("“{title}” moved down.")
        self._reshape(lambda modules: move_activity(modules, activity, step), said.format(title=title))

    def take_module(self, module: Module) -> None:
        """Take a module with its activities out of the course; for ten seconds it can be put back."""
        modules = self.found.drafts.course.modules if self.found is not None and self.found.drafts is not None else ()
        place = [one.id for one in modules].index(module.id)
        self._reshape(lambda now: take_module(now, module.id))
        self.frame.toast(
            lambda: _("“{title}” was taken out of the course.").format(title=module.title),
            lambda: self._reshape(lambda now: insert_module(now, module, place)),
        )

    def take_activity(self, activity: bytes, title: str) -> None:
        """Take an activity out of the course; its text stays, and for ten seconds it can be put back."""
        modules = self.found.drafts.course.modules if self.found is not None and self.found.drafts is not None else ()
        at = place_of(modules, activity)
        self._reshape(lambda now: take_activity(now, activity))
        self.frame.toast(
            lambda: _("“{title}” was taken out of the course.").format(title=title),
            lambda: self._reshape(lambda now: insert_activity(now, activity, *at)),
        )


def places(workplace: Workplace) -> tuple[Place, ...]:
    """Opened from the list of courses."""
    make = lambda frame: CourseOutlinePage(frame, workplace)  # noqa: E731  # as every page is made
    return (Place("contents_course", make, lambda: _("Outline"), section=SECTION),)
