"""What a certificate says around its facts, in the language of its course: French, else English.

These words are part of a document that the server signs, not of a user interface: they stand here and not in a
catalogue, so that a certificate does not depend on the language of whoever opens it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sync.domain.certificates import NO_SCORE, Statement

_NARROW, _NO_BREAK = "\u202f", "\u00a0"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_MONTHS_FR = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one language; `{…}` are facts."""

    title: str
    before_course: str
    held: str
    scored: str
    weeks: tuple[str, str]
    planned: str
    done: str
    accepted: tuple[str, str]
    skills: str
    skills_of_all: str
    verify: str
    how: str
    awarded: str
    number: str
    role: str
    more: tuple[str, str]
    months: tuple[str, ...]
    date: str
    day: str


FRENCH = Words(
    title="Certificat de réussite",
    before_course="a suivi et réussi la formation ",
    held=", tenue à distance du {first} au {last}",
    scored=", et obtenu {percent}\u202f% aux évaluations",
    weeks=("{n} semaine", "{n} semaines"),
    planned="{time} de travail prévues",
    done=", {time} réalisées",
    accepted=("{n} exercice accepté", "{n} exercices acceptés"),
    skills="Ce que {name} sait faire",
    skills_of_all="Compétences acquises",
    verify="Vérifier ce certificat",
    how="Lisez le code, ou ouvrez le fichier joint\u00a0: la vérification marche sans réseau.",
    awarded="Délivré le {date}",
    number="Certificat {number}",
    role="Équipe de formation",
    more=("et {n} autre", "et {n} autres"),
    months=_MONTHS_FR,
    date="{day} {month} {year}",
    day="{day} {month}",
)
ENGLISH = Words(
    title="Certificate of achievement",
    before_course="has completed the course ",
    held=", held online from {first} to {last}",
    scored=", and scored {percent}% in its assessments",
    weeks=("{n} week", "{n} weeks"),
    planned="{time} of work planned",
    done=", {time} done",
    accepted=("{n} exercise accepted", "{n} exercises accepted"),
    skills="What {name} can do",
    skills_of_all="Skills acquired",
    verify="Verify this certificate",
    how="Read the code, or open the file attached: verifying works without a network.",
    awarded="Awarded on {date}",
    number="Certificate {number}",
    role="Training team",
    more=("and {n} more", "and {n} more"),
    months=_MONTHS_EN,
    date="{day} {month} {year}",
    day="{day} {month}",
)


def words_of(language: str) -> Words:
    """The words for a course's language (a BCP 47 tag)."""
    return FRENCH if language.lower().split("-")[0] == "fr" else ENGLISH


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of one certificate."""

    words: Words
    statement: Statement

    @property
    def dates(self) -> str:
        """From the first day to the last: a cohort ends at the instant after it."""
        zone = self.statement.timezone
        first, last = day_of(self.statement.starts, zone), day_of(self.statement.ends - 1, zone)
        beginning = self._say(self.words.day if first.year == last.year else self.words.date, first)
        return self.words.held.format(first=beginning, last=self._say(self.words.date, last))

    @property
    def score(self) -> str:
        """What was scored, with the full stop that ends the sentence."""
        percent = self.statement.score_percent
        return ("" if percent == NO_SCORE else self.words.scored.format(percent=percent)) + "."

    @property
    def effort(self) -> str:
        """Weeks, time planned and done, exercises accepted: the line below the rule."""
        said, words = self.statement, self.words
        parts = [
            _counted(words.weeks, len(said.weeks)),
            words.planned.format(time=_time(said.minutes_planned)) + words.done.format(time=_time(said.minutes_done)),
        ]
        if said.exercises_accepted:
            parts.append(_counted(words.accepted, said.exercises_accepted))
        return " · ".join(parts)

    @property
    def awarded(self) -> str:
        """When it was awarded."""
        return self.words.awarded.format(
            date=self._say(self.words.date, day_of(self.statement.awarded_at, self.statement.timezone))
        )

    def more(self, count: int) -> str:
        """That there are so many more."""
        return _counted(self.words.more, count)

    def _say(self, pattern: str, day: datetime) -> str:
        first = self.words is FRENCH and day.day == 1
        said = "1er" if first else str(day.day)
        return pattern.format(day=said, month=self.words.months[day.month - 1], year=day.year).replace(" ", _NO_BREAK)


def day_of(at: int, timezone: str) -> datetime:
    """An instant in milliseconds as a day in an IANA time zone. OverflowError when there is no such day."""
    return (_EPOCH + timedelta(milliseconds=at)).astimezone(_zone(timezone))


def _counted(forms: tuple[str, str], count: int) -> str:
    return forms[count != 1].format(n=count)


def _time(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{_NARROW}min"
    return f"{hours}{_NARROW}h" + (f"{_NARROW}{rest:02}" if rest else "")


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
