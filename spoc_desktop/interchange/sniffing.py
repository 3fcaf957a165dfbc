"""What a file is, from its first bytes or from what a package holds, for the sentence that says why it is not taken."""

from __future__ import annotations

from collections.abc import Iterable

HEAD_BYTES = 1024

_STARTS = (
    (b"SQLite format 3\x00", "SQLite"),
    (b"MZ", "Windows .exe"),
    (b"\x7fELF", "Linux ELF"),
    (b"\xfe\xed\xfa", "macOS Mach-O"),
    (b"\xcf\xfa\xed\xfe", "macOS Mach-O"),
    (b"\xca\xfe\xba\xbe", "macOS Mach-O / Java"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "RAR"),
    (b"%PDF-", "PDF"),
    (b"\xd0\xcf\x11\xe0", "Microsoft Office 97"),
    (b"#!", "script"),
)
_PICKLE = b"\x80"
_RISKY = frozenset(
    {"SQLite", "Windows .exe", "Linux ELF", "macOS Mach-O", "macOS Mach-O / Java", "script", "Python pickle"}
)
# The most telling first: a SCORM package may hold a file of H5P, not the other way round.
_HELD = (
    ("imsmanifest.xml", "SCORM / IMS"),
    ("cmi5.xml", "cmi5"),
    ("tincan.xml", "xAPI"),
    ("h5p.json", "H5P"),
    ("moodle_backup.xml", "Moodle"),
    ("[content_types].xml", "Microsoft Office"),
    ("meta-inf/container.xml", "EPUB"),
    ("meta-inf/manifest.mf", "Java"),
    ("androidmanifest.xml", "Android"),
)


def kind_of(head: bytes) -> str:
    """The name of a file's format, "" when its first bytes say nothing."""
    for start, name in _STARTS:
        if head.startswith(start):
            return name
    if head[257:262] == b"ustar":
        return "tar"
    if head[:1] == _PICKLE and head[1:2] in b"\x02\x03\x04\x05" and len(head) > 1:
        return "Python pickle"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"<?xml", b"<!DOCTYPE", b"<", "<?xml".encode("utf-16-le"))) or head.startswith(
        (b"\xff\xfe<\x00", b"\xfe\xff\x00<")
    ):
        return "XML / HTML"
    return "JSON" if text.startswith((b"{", b"[")) else ""


def is_risky(kind: str) -> bool:
    """Whether a file of this kind would do something if a program opened it: no later version takes it either."""
    return kind in _RISKY


def package_kind(names: Iterable[str]) -> str:
    """The name of the package that holds these names, "" when it may be a course folder."""
    held = {name.lower() for name in names}
    if any(name.rpartition("/")[2] == "course.md" for name in held if name.count("/") <= 1):
        return ""
    for file, name in _HELD:
        if any(each == file or each.endswith(f"/{file}") for each in held):
            return name
    return ""
