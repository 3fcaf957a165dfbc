"""Who has signed in on this computer, and to which server: what the sign-in page offers. Nothing secret is here."""

from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path

from spoc_desktop.settings import read_values, write_values

_LIST = "people"


@dataclass(frozen=True, slots=True)
class Profile:
    """One person of one server. `address` is the server's, as it was typed and normalised; `login` signs in again.

    `issuer_key`: the server's public Ed25519 key, with which certificates are verified; empty before it was told.
    """

    server: bytes
    person: bytes
    device: bytes
    name: str
    login: str
    organisation: str
    address: str
    issuer_key: bytes = b""


_NEEDED = tuple(field.name for field in fields(Profile) if field.default is MISSING)


def known(file: Path) -> tuple[Profile, ...]:
    """All people of this computer, who signed in last comes first."""
    listed = read_values(file).get(_LIST)
    found = [_read(one) for one in listed] if isinstance(listed, list) else []
    return tuple(one for one in found if one is not None)


def remember(file: Path, profile: Profile) -> None:
    """Put a person first in the list, in the place of what was known of them."""
    others = [one for one in known(file) if (one.server, one.person) != (profile.server, profile.person)]
    _write(file, [profile, *others])


def _write(file: Path, people: list[Profile]) -> None:
    listed = [{name: _plain(value) for name, value in asdict(one).items()} for one in people]
    write_values(file, {_LIST: listed})


def _plain(value: bytes | str) -> str:
    return value.hex() if isinstance(value, bytes) else value


def _read(entry: object) -> Profile | None:
    if not isinstance(entry, dict) or any(not isinstance(entry.get(name), str) for name in _NEEDED):
        return None
    try:
        return Profile(
            server=bytes.fromhex(entry["server"]),
            person=bytes.fromhex(entry["person"]),
            device=bytes.fromhex(entry["device"]),
            name=entry["name"],
            login=entry["login"],
            organisation=entry["organisation"],
            address=entry["address"],
            issuer_key=bytes.fromhex(str(entry.get("issuer_key", ""))),
        )
    except ValueError:
        return None
