import pytest

from spoc_desktop.services.addresses import normalised
from spoc_desktop.services.errors import WrongAddress


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("formation.example.org", "https://formation.example.org"),
        (" https://Formation.Example.org/ ", "https://formation.example.org"),
        ("https://formation.example.org:8443/spoc/", "https://formation.example.org:8443/spoc"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_an_address_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert normalised(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "http://formation.example.org",
        "https://nadia:secret@formation.example.org",
        "ftp://formation.example.org",
        "https://formation.example.org:port",
        "https://formation.exаmple.org",  # noqa: RUF003, RUF100 - a Cyrillic letter that looks like ours
        "https://formation.example.org/?next=1",
        "file:///etc/passwd",
        "https://two words.example",
    ],
)
def test_what_is_no_safe_address_is_refused(typed: str) -> None:
    with pytest.raises(WrongAddress):
        normalised(typed)
