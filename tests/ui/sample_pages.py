"""Pages with every widget of the toolkit, for the tests of the frame and of access."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget

from spoc_desktop.i18n import duration
from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.page import Crumb, Page, Place
from spoc_desktop.ui.widgets.answer_option import AnswerList
from spoc_desktop.ui.widgets.avatar import Avatar
from spoc_desktop.ui.widgets.block_view import BlockView
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.callout import Callout
from spoc_desktop.ui.widgets.cover import Cover
from spoc_desktop.ui.widgets.empty_state import EmptyState
from spoc_desktop.ui.widgets.field import Choice, Field, LineEdit, TextArea
from spoc_desktop.ui.widgets.flow import Hairline, column, flow, row
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.matrix import Cell, MatrixRow, MatrixView
from spoc_desktop.ui.widgets.reglette import Reglette, Segment
from spoc_desktop.ui.widgets.resume_card import ResumeCard
from spoc_desktop.ui.widgets.row import Row
from spoc_desktop.ui.widgets.segmented import Segmented
from spoc_desktop.ui.widgets.tag import Tag
from spoc_desktop.ui.widgets.text import Span, Text
from sync.domain import blocks
from sync.domain.files import Attachment

PICTURE = Attachment(sha256=bytes(32), name="x.png", size=1, type="image/png")

WEEK = (
    Segment(18, "done", title="Couper n’est pas séparer"),
    Segment(22, "part", 0.5, "Les organes"),
    Segment(9, title="Une condamnation"),
    Segment(25, "returned", title="Fiche de manœuvre"),
    Segment(25, "closed", title="Vérifier"),
)


def paragraph(*spans: str | blocks.Span) -> blocks.Paragraph:
    """A paragraph of words and spans."""
    return blocks.Paragraph(spans=tuple(blocks.Text(text=s) if isinstance(s, str) else s for s in spans))


def link(href: str, text: str) -> blocks.Link:
    """A link with its words."""
    return blocks.Link(href=href, spans=(blocks.Text(text=text),))


LESSON: tuple[blocks.Block, ...] = (
    paragraph("Séparer met hors tension. Voir ", link("https://example.org/a", "la norme"), " et "),
    blocks.Heading(level=2, spans=(blocks.Text(text="Deux gestes"),)),
    paragraph(blocks.Strong(spans=(blocks.Text(text="bloquer"),)), " puis ", blocks.CodeSpan(text="nmap -sV")),
    blocks.ItemList(ordered=True, items=((paragraph("Ouvrir"),), (paragraph("Bloquer"),))),
    blocks.Quote(blocks=(paragraph("Cliquez ici."),)),
    blocks.Callout(tone=blocks.Tone.ATTENTION, blocks=(paragraph("Gardez la clé."),)),
    blocks.Figure(
        file=PICTURE,
        alternative="Un cadenas sur un disjoncteur",
        caption=(blocks.Text(text="La clé."),),
    ),
    blocks.Table(
        head=((blocks.Text(text="Geste"),), (blocks.Text(text="Pourquoi"),)),
        rows=(((blocks.Text(text="Ouvrir"),), (blocks.Text(text="Couper"),)),),
    ),
    blocks.CodeBlock(text="for x in y:\n    print(x)\n"),
)


class TodayPage(Page):
    """Rows, réglette, card, margin with people."""

    times_filled = 0

    def fill(self) -> None:
        self.times_filled += 1
        self.set_crumbs(Crumb("Aujourd’hui"))
        self.main.add(Text("Bonjour Nadia", "title", wrap=True))
        week = Text([Span("Semaine 4", 600), Span(" · Séparer", colour="muted")], wrap=True)
        self.main.add(flow(week, Text(duration(71), "small", "muted"), spread=True), 16)
        self.main.add(Reglette(WEEK, "Semaine 4", height=12), 8)
        self.main.add(ResumeCard("Reprendre", "Condamner\u00a0: le cadenas, l’étiquette", "Leçon", "Continuer"), 24)
        for number in range(6):
            self.main.add(
                Row(f"Activité {number}", "10 questions, corrigé tout de suite", icon="list-checks", end="À faire")
            )
        self.main.add(Row("Exercice", icon="file-pen-line", end=[Tag("À reprendre", "human", "corner-down-left")]))
        remark = column(
            Text("«\u00a0Regardez ma remarque 2.\u00a0»", "note", wrap=True), LinkButton("Lire la remarque")
        )
        self.margin.add(row(Avatar("Hélène Vasseur", trainer=True), remark, gap=12, stretch=1, top=True))
        self.margin.add(Hairline(), 16)


class QuizPage(Page):
    """A question with its footer."""

    measure = 616

    def fill(self) -> None:
        self.set_crumbs(Crumb("Cours", "today"), Crumb("Quiz"))
        self.main.add(Text("Que faut-il encore pour que le départ soit séparé\u202f?", "lead", wrap=True))
        self.answers = AnswerList(
            ["Rien, le disjoncteur ouvert suffit", "Poser une étiquette", "Débrocher l’appareil", "Attendre"],
            name="Réponses",
        )
        self.main.add(self.answers, 24)
        self.footer.add(Text("Enregistré sur cet ordinateur", "small", "muted", wrap=True), stretch=True)
        self.footer.add(Button("Réessayer"))
        self.footer.add(Button("Question suivante", "primary", "arrow-right", icon_side="right"))


class PartsPage(Page):
    """Everything else."""

    def fill(self) -> None:
        warning = Callout("attention", "Votre fichier n’a pas été accepté", "Il est toujours sur cet ordinateur.")
        warning.add_actions(Button("Choisir un autre fichier", "primary", size="small"), Button("Détail", "quiet"))
        self.main.add(warning)
        buttons = (Button("Réessayer", icon="refresh-cw", key="F5"), Button("Supprimer", "danger", "trash-2"))
        view = Segmented([("grid", "Grille"), ("table", "Tableau")], "Vue")
        self.main.add(flow(*buttons, view, Tag("Fait", "success", "check"), Cover()), 16)
        self.field = Field("Code d’invitation", LineEdit(mono=True, large=True), "Douze lettres et chiffres.")
        self.main.add(self.field, 16)
        language = Choice()
        language.addItems(["Français", "English"])
        self.main.add(Field("Langue", language), 16)
        self.main.add(Field("Message", TextArea(3)), 16)
        self.main.add(EmptyState("pen-line", "Rien à corriger.", Button("Voir le groupe")), 16)


class LessonPage(Page):
    """A block tree."""

    measure = 616

    def fill(self) -> None:
        self.main.add(Text("Condamner", "title", wrap=True))
        self.view = BlockView(LESSON)
        self.main.add(self.view, 16)


class GroupPage(Page):
    """The matrix."""

    def fill(self) -> None:
        self.matrix = MatrixView("Progression")
        done, late, closed = Cell("done"), Cell("late"), Cell("closed")
        rows = [
            MatrixRow(b"n", "Nadia Benali", (done, Cell("part", 0.54), closed, Cell("text", words="hier"))),
            MatrixRow(b"j", "Julien Prost", (late, Cell("todo"), closed, Cell("text", words="lun. 16"))),
        ]
        self.matrix.show_rows(rows, ["S 1", "S 2", "S 3", "Synchro"], current=1)
        self.main.add(self.matrix)


PAGES: tuple[tuple[str, type[Page], str, str], ...] = (
    ("today", TodayPage, "Aujourd’hui", "sun"),
    ("quiz", QuizPage, "Mes cours", "book-open"),
    ("parts", PartsPage, "Réviser", "repeat"),
    ("lesson", LessonPage, "Échanges", "messages-square"),
    ("group", GroupPage, "Mon groupe", "users-round"),
)


def furnish(window: MainWindow) -> None:
    """Give a window all sample pages."""
    for order, (route, page, title, icon) in enumerate(PAGES):
        window.register(Place(route, page, lambda title=title: title, icon, order))  # type: ignore[misc]
    window.rail.show_course("Consignation électrique", "#C98A12")
    window.rail.person.show_person("Nadia Benali", "Apprenante", trainer=False)
    window.set_count("parts", 14)


def bring_up(widget: QWidget) -> None:
    """Show a window and give it the keyboard."""
    widget.show()
    widget.activateWindow()
    for _again in range(3):
        QApplication.processEvents()
