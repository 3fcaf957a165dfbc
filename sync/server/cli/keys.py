"""The server's keys."""

import argparse

from sync.reports.codes import fingerprint
from sync.server.cli.desk import Commands, Output, Subject
from sync.server.issuing.keys import WrongKey, issuer
from sync.server.settings import read_secrets


def _issuer(asked: argparse.Namespace, out: Output) -> None:
    read_secrets(asked.data)
    key = issuer(asked.data).public_key()
    public, named = key.public_bytes_raw().hex(), fingerprint(key).hex()
    out.say(
        f"Public key {public} (fingerprint {named}). Anybody verifies certificates with it: spoc verify FILE --key KEY",
        key=public,
        fingerprint=named,
    )


def _register(commands: Commands) -> None:
    commands.command("issuer", _issuer, "print the public key with which certificates are verified")


SUBJECT = Subject(
    "Keys",
    _register,
    {WrongKey: "The file of the issuer's key holds no such key: {}. Put IT's copy of it back."},
)
