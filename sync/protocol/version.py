"""Which protocol and rules this program speaks (protocol rule 10), and the addresses of the routes."""

PROTOCOL = 1
PROTOCOL_MIN = 1
RULES = 1
RULES_MIN = 1

CONTENT_TYPE = "application/spoc"
"""zstd(msgpack(message)): a reply of any other type did not come from our server."""

SYNC = "/sync"
JOIN = "/join"
LOGIN = "/login"
REFRESH = "/refresh"
LOGOUT = "/logout"
PUBLISH = "/publish"
RELEASE = "/release"
HEALTH = "/health"
METRICS = "/metrics"
OPENAPI = "/openapi.json"
BALLOT_SIGN = "/ballot/sign"
BALLOT = "/ballot"
FILES = "/files/"
"""A file's address: this and the 64 lower-case hex digits of its SHA-256."""
SEND_PARTS = "/files/send"
FETCH_FILES = "/files/fetch"


def is_older(highest: int, highest_rules: int) -> bool:
    """Whether an end is older than this program, by what it says that it understands at most; 0: it does not say."""
    return 0 < highest < PROTOCOL or 0 < highest_rules < RULES_MIN


def speaks(lowest: int, highest: int) -> bool:
    """Whether this program and an end that speaks that span of the protocol understand each other."""
    return lowest <= PROTOCOL and highest >= PROTOCOL_MIN
