"""The server's keys."""

import argparse

from sync.reports.codes import fingerprint
from sync.server.cli.desk import Commands, Output, Subject
from sync.server.issuing.keys import WrongKey, issuer
from sync.server.key_changes import change_seal_key
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


def _change(asked: argparse.Namespace, out: Output) -> None:
    kept = change_seal_key(asked.data, forget=asked.forget)
    what = "Laptops compare all they have once; nothing is lost." if asked.forget else "Laptops notice nothing."
    out.say(f"Cursors are sealed with a new key from the next start on. {what}", believed=kept)


def _register(commands: Commands) -> None:
    about = (
        "A cursor says how far a laptop has come, and its seal that this server said so. What was sealed before stays "
        "believed, for the last 8 keys. Several machines serve with one copy of server.secrets each: copy it anew."
    )
    changing = commands.command("new-seal-key", _change, "change the key of cursors; server stopped", about)
    changing.add_argument("--forget", action="store_true", help="believe the keys before no more: they were stolen")
    commands.command("issuer", _issuer, "print the public key with which certificates are verified")


SUBJECT = Subject(
    "Keys",
    _register,
    {WrongKey: "The file of the issuer's key holds no such key: {}. Put IT's copy of it back."},
)
