"""Carrying a course to where there is no network."""

import argparse
from pathlib import Path

from sync.domain.ids import CourseId
from sync.reports.sticks import Lacking
from sync.server.cli.desk import Commands, Output, Subject, core_of, identifier
from sync.server.sync.carrying import NothingPublished, write_stick


def _stick(asked: argparse.Namespace, out: Output) -> None:
    with core_of(asked) as core:
        carried = write_stick(core, CourseId(asked.course), asked.folder, lambda _done: True)
    files, size = len(carried.listing.files), carried.listing.size
    out.say(
        f"Written to {asked.folder}: {carried.title}, {files} files, {size} bytes. Laptops of this server take it in.",
        title=carried.title,
        files=files,
        size=size,
    )


def _register(commands: Commands) -> None:
    making = commands.command(
        "stick",
        _stick,
        "write a published course into a folder, for a USB stick",
        "A folder that holds the course already gets what is new. It carries the files and the\n"
        "server's signature; texts and who may see them come with the laptop's next sync.",
    )
    making.add_argument("course", type=identifier, help="the id of the course")
    making.add_argument("folder", type=Path)


SUBJECT = Subject(
    "Carrying",
    _register,
    {
        NothingPublished: "No published course has the id {}.",
        Lacking: "A file of the course is not in the server's folder: {}. Nothing whole was written.",
    },
)
