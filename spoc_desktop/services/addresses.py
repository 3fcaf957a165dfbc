"""The server's address as a person types it, made into the one form that is shown and kept (attacks A39 and A41)."""

from urllib.parse import urlsplit

from spoc_desktop.services.errors import WrongAddress
from sync.client.http_connection import is_loopback


def normalised(typed: str) -> str:
    """`https://host[:port][/path]` in lower case, without a slash at the end. WrongAddress for anything else.

    A name and password inside are refused. http is taken for this computer itself alone: a demonstration, a test.
    """
    text = typed.strip()
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise WrongAddress from error
    host = (parts.hostname or "").lower()
    if parts.username is not None or parts.query or parts.fragment or not _is_host(host):
        raise WrongAddress
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise WrongAddress
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port else "") + parts.path.rstrip("/")


def _is_host(host: str) -> bool:
    if not host or len(host) > 253 or not host.isascii():
        return False
    if ":" in host:
        return True
    return all(part and len(part) <= 63 and part.replace("-", "").isalnum() for part in host.split("."))
