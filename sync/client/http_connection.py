"""Bytes to the server and back, within bounds of size and time. Every failure of the network gets its name here.

A reply counts only when it has our content type: what a hotel, a train or a proxy says is never read as an answer.
`requests` is imported when the first byte goes out: the first paint does not wait for it.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from sync.client.http_interrupt import Interrupt, pools
from sync.protocol.errors import (
    AnswerCut,
    BadBatch,
    CaptivePortal,
    FileDamaged,
    SyncError,
    TooSlow,
    Unreachable,
    UntrustedCertificate,
)
from sync.protocol.limits import MAX_REPLY, STALL_MS
from sync.protocol.parts import PART_BYTES
from sync.protocol.version import CONTENT_TYPE

if TYPE_CHECKING:
    import requests

_CONNECT_S = 10.0
_STALL_S = STALL_MS / 1000
_CHUNK = 64 * 1024
FILE_TYPE = "application/octet-stream"
"""The type of a file as it is fetched."""
_OK = 200
_PART = 206
_FILES = frozenset({_OK, _PART})
_PROXY_FAULTS = frozenset({502, 503, 504})
_TOO_LARGE = 413
_NONE: Mapping[str, str] = {}


class BadAddress(SyncError):
    """The address is no https address; plain http is for this computer only (loopback)."""


class Answer(NamedTuple):
    """A status and a body of our content type."""

    status: int
    body: bytes


class Rest(NamedTuple):
    """The bytes of a file from `offset` on, of `size` in all."""

    offset: int
    size: int

    @property
    def headers(self) -> dict[str, str]:
        """How they are asked for."""
        return {"Range": f"bytes={self.offset}-"} if self.offset else {}

    @property
    def told(self) -> str:
        """How they are given."""
        return f"bytes {self.offset}-{self.size - 1}/{self.size}"

    def parts(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """What comes, in parts of PART_BYTES. FileDamaged when it is more or less than the file has."""
        waiting, left = bytearray(), self.size - self.offset
        for chunk in chunks:
            left -= len(chunk)
            if left < 0:
                raise FileDamaged(f"more than {self.size} bytes")
            waiting += chunk
            while len(waiting) >= PART_BYTES:
                yield bytes(waiting[:PART_BYTES])
                del waiting[:PART_BYTES]
        if left:
            raise FileDamaged(f"{left} bytes are missing")
        if waiting or not self.size:
            yield bytes(waiting)


def checked_address(text: str) -> str:
    """The address of a server without a slash at its end. BadAddress when a token must not be sent there."""
    parts = urlsplit(text.strip())
    if not parts.hostname or parts.username or parts.query or parts.fragment:
        raise BadAddress(text)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        raise BadAddress(text)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def is_loopback(host: str) -> bool:
    """Whether a host is this computer."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class HttpConnection:
    """One kept-alive connection to one server; for one thread at a time.

    `authority`: a further certificate to trust beside the computer's own, for an organisation that vouches for itself.
    """

    def __init__(self, address: str, authority: Path | None = None) -> None:
        self.address = checked_address(address)
        self._authority = authority
        self._session: requests.Session | None = None
        self.interrupt = Interrupt()

    def post(self, path: str, body: bytes, token: str = "", *, waits: bool = False) -> Answer:
        """Send a body and read the whole answer. No redirect is followed: a token goes to this host alone.

        `waits`: the answer may come late, and `interrupt` may end it (Interrupted).
        """
        with (
            self.interrupt.held() if waits else nullcontext(),
            _named_errors(),
            self._send("POST", path, token, body, once=waits) as response,
        ):
            _check(response)
            return Answer(response.status_code, _read(response, MAX_REPLY))

    def put(self, path: str, content: bytes, token: str) -> Answer:
        """Send a whole file."""
        with _named_errors(), self._send("PUT", path, token, content) as response:
            _check(response)
            return Answer(response.status_code, _read(response, MAX_REPLY))

    def get(self, path: str, token: str, rest: Rest, came: Callable[[bytes], None]) -> Answer:
        """Fetch the rest of a file; `came` is called with each of its parts. Other statuses: our own answer.

        FileDamaged when more comes than the file has, or less though the answer came to its end.
        """
        with _named_errors(), self._send("GET", path, token, headers=rest.headers) as response:
            if response.status_code not in _FILES:
                _check(response)
                return Answer(response.status_code, _read(response, MAX_REPLY))
            _check(response, FILE_TYPE)
            for part in rest.parts(_bytes_of(response, rest)):
                came(part)
            return Answer(_OK, b"")

    def close(self) -> None:
        """Let go of the connection; the next request makes a fresh one (rule 12)."""
        if self._session is not None:
            self._session.close()
            self.interrupt.let_go()
            self._session = None

    def _send(
        self,
        method: str,
        path: str,
        token: str,
        body: bytes = b"",
        headers: Mapping[str, str] = _NONE,
        *,
        once: bool = False,
    ) -> requests.Response:
        import requests

        try:
            return self._send_once(method, path, token, body, headers)
        except requests.ConnectionError as error:
            if once or not _was_kept_too_long(error):
                raise
            # The server had closed an idle connection: every request may be sent twice, so once more on a fresh one.
            self.close()
            return self._send_once(method, path, token, body, headers)

    def _send_once(
        self, method: str, path: str, token: str, body: bytes, headers: Mapping[str, str]
    ) -> requests.Response:
        import requests

        session = self._session or self._open()
        request = requests.Request(method, self.address + path, data=body)
        request.headers = {**headers, "Authorization": f"Bearer {token}"} if token else {**headers}
        prepared = session.prepare_request(request)
        timeout = (_CONNECT_S, _STALL_S)
        return session.send(prepared, stream=True, allow_redirects=False, timeout=timeout)

    def _open(self) -> requests.Session:
        import requests
        from urllib3.util import SKIP_HEADER

        session = requests.Session()
        if not is_loopback(urlsplit(self.address).hostname or ""):
            session.proxies.update(requests.utils.get_environ_proxies(self.address))
        session.trust_env = False  # its proxies are taken above; a .netrc must not replace our token
        session.headers.clear()
        session.headers.update({"User-Agent": SKIP_HEADER, "Accept-Encoding": SKIP_HEADER})
        session.mount("https://", _adapter(_trust(self._authority), self.interrupt))
        session.mount("http://", _adapter(None, self.interrupt))
        self._session = session
        return session


def _trust(authority: Path | None) -> ssl.SSLContext:
    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if authority is not None:
        context.load_verify_locations(cafile=str(authority))
    return context


def _adapter(context: ssl.SSLContext | None, interrupt: Interrupt) -> requests.adapters.BaseAdapter:
    from requests.adapters import HTTPAdapter

    classes = pools(interrupt.connected)

    class Trusting(HTTPAdapter):
        """Judges certificates as this computer does: an organisation's own authority is known there."""

        def init_poolmanager(self, *arguments: object, **options: object) -> None:
            super().init_poolmanager(*arguments, ssl_context=context, **options)  # type: ignore[arg-type]  # as given
            self.poolmanager.pool_classes_by_scheme = classes

        def proxy_manager_for(self, proxy: str, **options: object) -> Any:
            manager = super().proxy_manager_for(proxy, ssl_context=context, **options)
            manager.pool_classes_by_scheme = classes
            return manager

        def cert_verify(self, conn: object, url: object, verify: object, cert: object) -> None:
            """Nothing beside the context: no second list of authorities."""

    return Trusting()


def _check(response: requests.Response, wanted: str = CONTENT_TYPE) -> None:
    """Tell our server from whatever else may answer."""
    if response.headers.get("content-type") == wanted and "content-encoding" not in response.headers:
        return
    if response.status_code in _PROXY_FAULTS:
        raise AnswerCut(f"status {response.status_code} from something on the way")
    if response.status_code == _TOO_LARGE:
        raise BadBatch("too large for something on the way")
    raise CaptivePortal(f"status {response.status_code}, {response.headers.get('content-type', 'no type')[:80]}")


def _read(response: requests.Response, most: int) -> bytes:
    body = bytearray()
    for chunk in _chunks(response):
        body += chunk
        if len(body) > most:
            raise AnswerCut(f"more than {most} bytes")
    return bytes(body)


def _chunks(response: requests.Response) -> Iterator[bytes]:
    chunks: Iterator[bytes] = response.raw.stream(_CHUNK, decode_content=False)
    return chunks


def _bytes_of(response: requests.Response, rest: Rest) -> Iterator[bytes]:
    """The bytes from where they were asked for: a server of 0.2, or something on the way, gives all of the file."""
    if response.status_code == _PART and response.headers.get("content-range") != rest.told:
        raise FileDamaged("another range than was asked for")
    skip = rest.offset if response.status_code == _OK else 0
    for chunk in _chunks(response):
        if len(chunk) > skip:
            yield chunk[skip:]
        skip = max(0, skip - len(chunk))


@contextmanager
def _named_errors() -> Iterator[None]:
    """Turn what the libraries raise into the names that the window has sentences for."""
    import requests
    import urllib3.exceptions as low

    try:
        yield
    except (requests.exceptions.SSLError, low.SSLError) as error:
        raise (UntrustedCertificate if _is_about_certificate(error) else AnswerCut)(str(error)) from error
    except (requests.ReadTimeout, low.ReadTimeoutError) as error:
        raise TooSlow(str(error)) from error
    except requests.ConnectionError as error:
        is_cut = isinstance(_reason(error), low.ProtocolError)
        raise (AnswerCut if is_cut else Unreachable)(str(error)) from error
    except (low.HTTPError, OSError) as error:
        # After the headers, whatever breaks is the answer that breaks; requests' own errors are OSErrors, too.
        is_early = isinstance(error, requests.RequestException)
        raise (Unreachable if is_early else AnswerCut)(str(error)) from error


def _reason(error: BaseException) -> object:
    return error.args[0] if error.args else None


def _was_kept_too_long(error: requests.ConnectionError) -> bool:
    """Whether the connection ended before a byte of an answer; a server that cannot be reached is another case."""
    import urllib3.exceptions as low

    return isinstance(_reason(error), low.ProtocolError)


def _is_about_certificate(error: BaseException) -> bool:
    seen: BaseException | None = error
    while seen is not None:
        inner = _reason(seen)
        if isinstance(seen, ssl.SSLCertVerificationError) or "CERTIFICATE" in str(seen).upper():
            return True
        seen = inner if isinstance(inner, BaseException) else seen.__cause__
    return False
