"""A video in the sample course: a real clip with captions, chapters and a text below, told as the server tells it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from sync.domain import spaces
from sync.domain.blocks import Paragraph, Text
from sync.domain.courses import EDITION, LESSON_EDITION, ActivityType, Edition, LessonEdition, PublishedActivity
from sync.domain.files import Attachment
from sync.domain.ids import derived
from sync.domain.kind import encode
from sync.domain.videos import Captions, Chapter, Video
from tools.sample_laptop import SampleLaptop

FILM = Path(__file__).parent / "film"
CLIP = (FILM / "clip.webm").read_bytes()
LENGTH_MS = 32_000
ACTIVITY = derived("the film")


def tell_video(laptop: SampleLaptop, *, content: bytes | None = CLIP, captions: bool = True) -> bytes:
    """The activity of a video in the first week of a second edition. `content` None: its file has not come."""
    clip = laptop.store.files.keep(content if content is not None else CLIP, "consigner.webm", "video/webm")
    if content is None:
        laptop.store.files.drop(clip.sha256)
    tracks = tuple(_captions(laptop, language, here=captions) for language in ("fr", "en"))
    named = {0: "Séparer", 5_000: "Poser le cadenas", 11_000: "L’étiquette", 22_000: "La clé"}
    chapters = tuple(Chapter(at=at, title=title) for at, title in named.items())
    lesson = LessonEdition(
        activity=ACTIVITY,
        title="Une condamnation pas à pas",
        minutes=9,
        blocks=(Paragraph(spans=(Text(text="Ce que la caméra ne montre pas : la fiche reste au poste."),)),),
        video=Video(
            file=clip, milliseconds=LENGTH_MS, captions=tracks, chapters=chapters, credits="Images : les tests."
        ),
    )
    id_ = derived("lesson of the film", encode(lesson))
    activity = PublishedActivity(id=ACTIVITY, type=ActivityType.VIDEO, edition=id_, title=lesson.title, minutes=9)
    edition = _edition_with(laptop, activity)
    rows = [(LESSON_EDITION, id_, encode(lesson)), (EDITION, derived("edition of the film"), encode(edition))]
    laptop.told(spaces.course(laptop.course_id), rows)
    return ACTIVITY


def _captions(laptop: SampleLaptop, language: str, *, here: bool) -> Captions:
    content = (FILM / f"captions.{language}.vtt").read_bytes()
    file: Attachment = laptop.store.files.keep(content, f"captions.{language}.vtt", "text/vtt")
    if not here:
        laptop.store.files.drop(file.sha256)
    return Captions(language=language, file=file)


def _edition_with(laptop: SampleLaptop, activity: PublishedActivity) -> Edition:
    """The edition that is learnt now, with one activity more."""
    told: list[Edition] = [seen.body for seen in laptop.store.view(EDITION)]
    newest = max(told, key=lambda one: one.number)
    week, *others = newest.modules
    week = msgspec.structs.replace(week, activities=(activity, *week.activities))
    return msgspec.structs.replace(newest, number=newest.number + 1, modules=(week, *others))
