"""What IT decided for this computer: a file that only an administrator can write (server address, language, proxy).

What stands there holds over what a person chose. Nothing here is a secret. May import the standard library only.
"""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

POLICY_VARIABLE = "SPOC_POLICY"
_NAME = "policy.json"


@dataclass(frozen=True, slots=True)
class Policy:
    """IT's decisions; an empty text means that IT decided nothing.

    `server`: the address that everybody uses. `language`: `fr` or `en`. `proxy`: the address of a proxy, or `direct`.
    `trouble`: why the file could not be read, for the technical line.
    """

    server: str = ""
    language: str = ""
    proxy: str = ""
    trouble: str = ""


def place() -> Path:
    """Where the policy is on this system; `SPOC_POLICY` names another file (tests, the demo)."""
    chosen = os.environ.get(POLICY_VARIABLE)
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / "spoc-desktop" / _NAME
    if sys.platform == "darwin":
        return Path("/Library/Application Support/spoc-desktop") / _NAME
    return Path("/etc/spoc-desktop") / _NAME


def read(path: Path) -> Policy:
    """IT's decisions, none where there is no file. A file that cannot be read decides nothing and says so."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Policy()
    except (OSError, ValueError) as error:
        return Policy(trouble=f"{path}: {type(error).__name__}")
    if not isinstance(found, dict):
        return Policy(trouble=f"{path}: not an object")
    known = {name: found.get(name, "") for name in ("server", "language", "proxy")}
    wrong = [name for name, value in known.items() if not isinstance(value, str)]
    if wrong:
        return Policy(trouble=f"{path}: {', '.join(wrong)}")
    return Policy(**known)
