"""The address of an S3-compatible store, as IT writes it."""

from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit


class BadFilesAddress(ValueError):
    """It is no address of an S3-compatible store."""


class Bucket(NamedTuple):
    """Where files are kept. The keys are empty where the computer itself has the right (an instance's role)."""

    name: str
    prefix: str
    endpoint: str
    region: str
    access_key: str = ""
    secret_key: str = ""


def bucket_at(address: str, access_key: str = "", secret_key: str = "") -> Bucket:
    """`s3://bucket/prefix?endpoint=https://s3.example&region=…`. BadFilesAddress."""
    parts = urlsplit(address)
    asked = parse_qs(parts.query)
    if parts.scheme != "s3" or not parts.hostname or parts.username or not set(asked) <= {"endpoint", "region"}:
        raise BadFilesAddress("an address is s3://BUCKET/PREFIX?endpoint=https://HOST&region=NAME, without keys in it")
    endpoint = asked.get("endpoint", [""])[0]
    return Bucket(
        parts.netloc,
        parts.path.strip("/"),
        endpoint.rstrip("/"),
        asked.get("region", ["us-east-1"])[0],
        access_key,
        secret_key,
    )
