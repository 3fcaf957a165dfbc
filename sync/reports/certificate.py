"""The certificate as a page: A4 landscape, two faces, the rose margin line, the rule of weeks, a QR code.

Lengths in millimetres, sizes of type in points. Long names and titles get smaller, then wrap; only a title longer than
any page is shortened, and the signed statement has it whole.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import segno

from sync.domain.certificates import Statement
from sync.reports import codes
from sync.reports.codes import Signed
from sync.reports.fonts import FOLDER, MONO, OWN, SANS, SERIF, fallbacks_for
from sync.reports.words import Sentences, words_of

if TYPE_CHECKING:
    from fpdf import FPDF

CODE_FILE = "certificate.spoc"
_TEXT, _SOFT, _INK, _ROSE, _ROSE_TEXT = (31, 33, 43), (91, 93, 105), (47, 62, 158), (207, 90, 112), (163, 38, 79)
_LEFT, _WIDTH = 19.0, 158.8
_SIDE, _SIDE_WIDTH = 223.8, 55.0
_MARGIN_LINE = 215.0
_HEIGHT = 210.0
_QR_TOP, _QR_SIDE = 120.0, 33.0
_SIGNATURE_LINE, _SIGNATURE_STEP = 180.2, 54.5
_MOST_SIGNATURES = 3
_MASK = 3
"""Which of the eight masks does not matter for a code this random; trying all of them takes as long as the fonts."""
_MM_PER_POINT = 25.4 / 72
_LONGEST_TITLE = 400
_READABLE = 60
"""Characters of a name or title in the readable part of the QR code; the code after it has them whole."""


def render(signed: Signed, brief: Signed) -> bytes:
    """The PDF, unsealed. `brief` is what the QR code carries. Unprintable when a character is in none of the faces."""
    page = _Page(signed, brief)
    return page.drawn()


def shorten(text: str, most: int) -> str:
    """The text in at most so many characters; three dots where it was longer."""
    return text if len(text) <= most else text[: most - 1] + "…"


def printed_texts(statement: Statement) -> tuple[str, ...]:
    """All that a certificate prints and that people wrote."""
    people = (part for signatory in statement.signatories for part in signatory)
    return (statement.name, statement.course, statement.issuer, statement.number, *statement.skills, *people)


class _Type(NamedTuple):
    """How a text is set: face, size, colour and the distance of its lines in sizes."""

    family: str
    style: str
    size: float
    colour: tuple[int, int, int] = _TEXT
    leading: float = 1.4

    @property
    def line(self) -> float:
        """The distance of lines in millimetres."""
        return self.size * self.leading * _MM_PER_POINT


class _Page:
    """One certificate being drawn."""

    def __init__(self, signed: Signed, brief: Signed) -> None:
        self._said = signed.statement
        self._code, self._brief = codes.code_of(signed), codes.code_of(brief)
        self._texts = Sentences(words_of(self._said.language), self._said)
        self._pdf = _document(self._said)

    def drawn(self) -> bytes:
        pdf, said = self._pdf, self._said
        pdf.add_page()
        pdf.set_draw_color(*_ROSE)
        pdf.set_line_width(0.45)
        pdf.line(_MARGIN_LINE, 0, _MARGIN_LINE, _HEIGHT)
        self._main()
        self._signatures()
        self._side()
        awarded = datetime.fromtimestamp(said.awarded_at / 1000, UTC)
        pdf.embed_file(bytes=self._code.encode(), basename=CODE_FILE, modification_date=awarded, mime_type="text/plain")
        _drop_shaping(pdf)
        return bytes(pdf.output())

    def _main(self) -> None:
        said, words = self._said, self._texts.words
        self._put(said.issuer, _LEFT, 17.0, _WIDTH, _Type(SANS, "B", 11.25, _INK, 1.3))
        self._put(words.title, _LEFT, 41.5, _WIDTH, _Type(SERIF, "B", 19.5, _SOFT))
        large = _Type(SERIF, "B", 0, leading=1.2)
        name = self._fitting(said.name, large, (42, 36, 31, 27), _WIDTH)
        below = self._put(said.name, _LEFT, 52.0, _WIDTH, name or self._fitted(said.name, large, (27, 23, 19, 16), 2))
        below = self._sentence(max(below + 4.5, 76.5))
        below = self._weeks(max(below + 7, 112.5))
        self._put(self._texts.effort, _LEFT, below + 2.6, _WIDTH, _Type(SANS, "", 9.75, _SOFT))

    def _sentence(self, top: float) -> float:
        """What was done, the course's name standing out in it; where it ends."""
        pdf, words, said = self._pdf, self._texts.words, self._said
        runs = (
            ("", words.before_course),
            ("B", shorten(said.course, _LONGEST_TITLE)),
            ("", self._texts.dates + self._texts.score),
        )
        whole = "".join(text for _, text in runs)
        type_ = _Type(SERIF, "B", 0, leading=1.6)
        set_in = self._fitting(whole, type_, (15.4, 14, 12.5), _WIDTH, 3)
        set_in = set_in or self._fitted(whole, type_, (12.5, 11, 9.5, 8), 5)
        pdf.set_left_margin(_LEFT)
        pdf.set_right_margin(pdf.w - _LEFT - _WIDTH)
        pdf.set_xy(_LEFT, top)
        pdf.set_text_color(*_TEXT)
        for style, text in runs:
            pdf.set_font(SERIF, style, set_in.size)
            pdf.write(set_in.line, text)
        return float(pdf.get_y()) + set_in.line

    def _weeks(self, top: float) -> float:
        """The rule: one piece a week, as long as its planned minutes; where it ends."""
        pdf, weeks = self._pdf, self._said.weeks
        gap, height, planned = 0.8, 2.65, sum(self._said.weeks)
        if not planned:
            return top
        room = _WIDTH - gap * (len(weeks) - 1)
        left = _LEFT
        pdf.set_fill_color(*_INK)
        for minutes in weeks:
            width = room * minutes / planned
            if width > 0:
                pdf.rect(left, top, width, height, style="F", round_corners=width > 1.2, corner_radius=0.5)
            left += width + gap
        return top + height

    def _signatures(self) -> None:
        pdf, shown = self._pdf, self._said.signatories[:_MOST_SIGNATURES]
        width, step = (47.5, 54.5) if len(shown) == _MOST_SIGNATURES else (61.4, 78.3)
        for n, (name, role) in enumerate(shown):
            left = _LEFT + n * step
            by_hand = self._fitted(name, _Type(SERIF, "I", 0, _INK, 1.2), (23, 19, 16, 13, 11, 9, 7), 1, width)
            height = len(self._lines(name, by_hand, width)) * by_hand.line
            self._put(name, left, _SIGNATURE_LINE - 1.6 - height, width, by_hand)
            pdf.set_draw_color(*_SOFT)
            pdf.set_line_width(0.22)
            pdf.line(left, _SIGNATURE_LINE, left + width, _SIGNATURE_LINE)
            printed = self._fitted(name, _Type(SANS, "B", 0), (10.5, 9, 8, 7), 1, width)
            below = self._put(name, left, _SIGNATURE_LINE + 2.4, width, printed)
            self._put(
                role, left, below + 0.4, width, self._fitted(role, _Type(SANS, "", 0, _SOFT), (10.5, 9, 8), 1, width)
            )

    def _side(self) -> None:
        words, said = self._texts.words, self._said
        if said.skills:
            heading = words.skills.format(name=said.name)
            type_ = self._fitting(heading, _Type(SANS, "B", 0, _ROSE_TEXT), (9.75, 8.5), _SIDE_WIDTH, 2)
            if type_ is None:
                heading, type_ = words.skills_of_all, _Type(SANS, "B", 9.75, _ROSE_TEXT)
            self._skills(self._put(heading, _SIDE, 17.5, _SIDE_WIDTH, type_) + 2.5)
        self._qr()
        below = self._put(words.verify, _SIDE, 156.5, _SIDE_WIDTH, _Type(SANS, "B", 9.75))
        below = self._put(words.how, _SIDE, below + 0.3, _SIDE_WIDTH, _Type(SANS, "", 9.4, _SOFT))
        below = self._put(said.number, _SIDE, max(below + 2.4, 181.2), _SIDE_WIDTH, _Type(MONO, "", 9.75))
        self._put(self._texts.awarded, _SIDE, below + 1.6, _SIDE_WIDTH, _Type(SANS, "", 9.4, _SOFT))

    def _skills(self, top: float) -> None:
        """As large as the room above the QR code allows; what has no room at the smallest size is counted."""
        type_, shown = self._skills_that_fit(_QR_TOP - 6 - top)
        for skill in self._said.skills[:shown]:
            top = self._put(skill, _SIDE, top, _SIDE_WIDTH, type_) + type_.line / 2
        left_out = len(self._said.skills) - shown
        if left_out:
            self._put(self._texts.more(left_out), _SIDE, top, _SIDE_WIDTH, type_._replace(style="I", colour=_SOFT))

    def _skills_that_fit(self, room: float) -> tuple[_Type, int]:
        skills = self._said.skills
        for size in (12, 11, 10, 9, 8):
            type_ = _Type(SERIF, "", size)
            if self._height(skills, type_) <= room:
                return type_, len(skills)
        small = _Type(SERIF, "", 8)
        fitting = (n for n in range(len(skills), -1, -1) if self._height(skills[:n], small) <= room - small.line)
        return small, next(fitting, 0)

    def _height(self, skills: Sequence[str], type_: _Type) -> float:
        return sum((len(self._lines(skill, type_, _SIDE_WIDTH)) + 0.5) * type_.line for skill in skills)

    def _qr(self) -> None:
        said = self._said
        readable = (self._texts.words.number.format(number=said.number), said.name, said.course)
        spoken = "".join(f"{shorten(text, _READABLE)}\n" for text in readable)
        segments: Any = [(spoken, None, "utf-8"), self._brief]  # segno takes several parts, its types say one
        code = segno.make(segments, micro=False, error="l", boost_error=False, mask=_MASK)
        pdf = self._pdf
        rows = [list(row) for row in code.matrix]
        module = _QR_SIDE / len(rows)
        pdf.set_fill_color(*_TEXT)
        for y, row in enumerate(rows):
            for x, length in _runs(row):
                # A hair wider than it is: no white seam between modules on screens.
                pdf.rect(_SIDE + x * module, _QR_TOP + y * module, length * module, module + 0.01, style="F")

    def _put(self, text: str, left: float, top: float, width: float, type_: _Type) -> float:
        """Set a text that wraps within a width; where it ends."""
        pdf = self._pdf
        pdf.set_font(type_.family, type_.style, type_.size)
        pdf.set_text_color(*type_.colour)
        pdf.set_xy(left, top)
        pdf.multi_cell(width, type_.line, text, align="L", new_x="LEFT", new_y="NEXT")
        return float(pdf.get_y())

    def _lines(self, text: str, type_: _Type, width: float) -> list[str]:
        self._pdf.set_font(type_.family, type_.style, type_.size)
        found = self._pdf.multi_cell(width, 1, text, align="L", dry_run=True, output="LINES")
        return found if isinstance(found, list) else []

    def _fitting(self, text: str, type_: _Type, sizes: Iterable[float], width: float, most: int = 1) -> _Type | None:
        """The first of some sizes at which a text takes at most so many lines."""
        tried = (type_._replace(size=size) for size in sizes)
        return next((each for each in tried if len(self._lines(text, each, width)) <= most), None)

    def _fitted(self, text: str, type_: _Type, sizes: Sequence[float], most: int, width: float = _WIDTH) -> _Type:
        """The same, or the last of the sizes, on as many lines as it takes."""
        return self._fitting(text, type_, sizes, width, most) or type_._replace(size=sizes[-1])


def _document(said: Statement) -> "FPDF":
    """An empty document with the faces that its texts need; its bytes depend on the statement alone."""
    from fpdf import FPDF

    behind = fallbacks_for(printed_texts(said))
    pdf = FPDF("landscape", "mm", "A4")
    pdf.set_auto_page_break(auto=False)
    pdf.c_margin = 0
    for face in (*OWN, *behind):
        pdf.add_font(face.family, face.style, FOLDER / face.file)
    pdf.set_fallback_fonts([*(face.family for face in behind), SANS, SERIF], exact_match=False)
    pdf.set_text_shaping(use_shaping_engine=True)
    pdf.set_creation_date(datetime.fromtimestamp(said.awarded_at / 1000, UTC))
    pdf.set_title(f"{words_of(said.language).title} – {said.name} – {said.course}")
    pdf.set_author(said.issuer)
    pdf.set_subject(said.number)
    pdf.set_lang(said.language)
    pdf.set_producer("SPOC Desktop")
    return pdf


def _drop_shaping(pdf: "FPDF") -> None:
    """Leave shaping tables out of what is embedded: glyphs are chosen by now, and thinning tables takes longest."""
    from fpdf.fonts import TTFFont

    for font in pdf.fonts.values():
        if not isinstance(font, TTFFont):
            continue
        for table in {"GSUB", "GPOS", "GDEF"} & set(font.ttfont.keys()):
            del font.ttfont[table]


def _runs(row: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where the dark runs of a row begin, and how long each is."""
    start = None
    for x, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            yield start, x - start
            start = None
