"""The rubric of an exercise as plain text, below its brief: a heading, criteria, and their levels with points.

    # Grille

    ## Les signes sont nommés
    Au moins trois, avec les mots du message.

    - Absent (0) : aucun signe.
    - Partiel (2) : un ou deux signes.
    - Complet (4) : trois signes, chacun avec sa preuve.

`##` is a criterion, each `- ` a level, from the lowest to the highest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from spoc_desktop.interchange.problems import FileReport, ProblemKind
from sync.domain.exercises import Criterion, Level

HEADINGS = ("grille", "rubric")
MAX_CRITERIA = 20
MAX_LEVELS = 8
MAX_POINTS = 100
MAX_TITLE = 200
MAX_DESCRIPTION = 1_000

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_NUMBER = re.compile(r"\{#(\d{1,4})\}[ ]*")
_LEVEL = re.compile(
    r"[-*] (?P<title>(?:\\.|[^\\])+?)[ \u00a0]\((?P<points>\d{1,4})\)(?:[ \u00a0\u202f]?:[ ]?(?P<rest>.*))?"
)
# Title, points and description with room to spare: no expression ever meets a longer line.
_LONGEST_LINE = 4_000
_ESCAPE = re.compile(r"\\(.)")
_POINTS_IN_TITLE = re.compile(r"\\|\((?=\d)")
_START = re.compile(r"[-*#{\\]")


@dataclass(slots=True)
class _Draft:
    line: int
    title: str
    number: int
    description: list[str] = field(default_factory=list)
    levels: list[Level] = field(default_factory=list)


def split_rubric(body: str, first_line: int) -> tuple[str, list[tuple[int, str]]]:
    """The brief, and the numbered lines of the rubric below its heading (none: there is no rubric)."""
    lines = body.split("\n")
    fence = ""
    for place, line in enumerate(lines):
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        if not fence and line.startswith("# ") and line[2:].strip().casefold() in HEADINGS:
            return "\n".join(lines[:place]), list(enumerate(lines[place + 1 :], first_line + place + 1))
    return body, []


def read_rubric(lines: Sequence[tuple[int, str]], here: FileReport) -> tuple[Criterion, ...]:
    """The criteria of a rubric; every problem goes to the report."""
    drafts: list[_Draft] = []
    for number, line in lines:
        if len(line) > _LONGEST_LINE:
            here.add(number, ProblemKind.VALUE_LONG, line, str(_LONGEST_LINE))
        elif line.startswith("## "):
            drafts.append(_Draft(number, line[3:].strip(), len(drafts) + 1))
        elif drafts:
            _take(drafts[-1], number, line, here)
        elif line.strip():
            here.add(number, ProblemKind.RUBRIC_LINE, line)
    if not 0 < len(drafts) <= MAX_CRITERIA and lines:
        here.add(lines[0][0] - 1, ProblemKind.CRITERION_COUNT, str(len(drafts)), f"1–{MAX_CRITERIA}")
    return tuple(_criterion(draft, drafts, here) for draft in drafts)


def _take(draft: _Draft, number: int, line: str, here: FileReport) -> None:
    named = _NUMBER.fullmatch(line)
    level = _LEVEL.fullmatch(line.rstrip())
    if named is not None and not draft.description and not draft.levels:
        draft.number = int(named[1])
    elif level is not None:
        points = int(level["points"])
        if points > MAX_POINTS:
            here.add(number, ProblemKind.LEVEL_POINTS, str(points), str(MAX_POINTS))
        title = _ESCAPE.sub(r"\1", level["title"])
        draft.levels.append(Level(title=title, points=points, description=(level["rest"] or "").strip()))
    elif not line.strip():
        return
    elif draft.levels and line.startswith("  "):
        last = draft.levels[-1]
        joined = f"{last.description} {line.strip()}".strip()
        draft.levels[-1] = Level(title=last.title, points=last.points, description=joined)
    elif draft.levels or line.startswith(("- ", "* ", "#", "{")):
        here.add(number, ProblemKind.RUBRIC_LINE, line)
    else:
        draft.description.append(re.sub(r"\A\\", "", line.strip()))


def _criterion(draft: _Draft, drafts: Sequence[_Draft], here: FileReport) -> Criterion:
    description = " ".join(draft.description)
    points = [level.points for level in draft.levels]
    if not 2 <= len(points) <= MAX_LEVELS:
        here.add(draft.line, ProblemKind.LEVEL_COUNT, str(len(points)), f"2–{MAX_LEVELS}")
    elif points != sorted(set(points)):
        here.add(draft.line, ProblemKind.LEVEL_ORDER, draft.title)
    if any(other.number == draft.number and other is not draft for other in drafts):
        here.add(draft.line, ProblemKind.CRITERION_NUMBER, str(draft.number))
    titles = [draft.title, *(level.title for level in draft.levels)]
    texts = [description, *(level.description for level in draft.levels)]
    if any(len(title) > MAX_TITLE for title in titles):
        here.add(draft.line, ProblemKind.VALUE_LONG, draft.title, str(MAX_TITLE))
    if any(len(text) > MAX_DESCRIPTION for text in texts):
        here.add(draft.line, ProblemKind.VALUE_LONG, draft.title, str(MAX_DESCRIPTION))
    return Criterion(number=draft.number, title=draft.title, levels=tuple(draft.levels), description=description)


def write_rubric(criteria: Sequence[Criterion], language: str) -> str:
    """The text that `read_rubric` reads back, under the heading of the course's language."""
    if not criteria:
        return ""
    parts = ["# Grille" if language == "fr" else "# Rubric"]
    parts += (_written(criterion, place, language) for place, criterion in enumerate(criteria, 1))
    return "\n\n".join(parts)


def _written(criterion: Criterion, place: int, language: str) -> str:
    head = [f"## {_flat(criterion.title)}"]
    head += [f"{{#{criterion.number}}}"] if criterion.number != place else []
    description = _flat(criterion.description)
    if description:
        head.append(f"\\{description}" if _START.match(description) else description)
    colon = " : " if language == "fr" else ": "
    levels = [
        f"- {_POINTS_IN_TITLE.sub(_escaped, _flat(level.title))} ({level.points})"
        + (f"{colon}{_flat(level.description)}" if level.description else "")
        for level in criterion.levels
    ]
    return "\n\n".join(filter(None, ("\n".join(head), "\n".join(levels))))


def _escaped(found: re.Match[str]) -> str:
    return f"\\{found[0]}"


def _flat(text: str) -> str:
    return " ".join(text.split(" ")).replace("\n", " ").strip()
