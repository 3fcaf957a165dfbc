"""Bounds that both ends hold (protocol rules 2, 3, 12, 14): bytes, rows, milliseconds."""

MAX_BODY = 64 * 1024
"""A record's body; longer text is a file."""
MAX_PUSH_ROWS = 10_000
MAX_PUSH_BYTES = 4 * 1024 * 1024
PAGE_ROWS = 2_000
PAGE_BYTES = 1024 * 1024
MAX_REQUEST = 2 * MAX_PUSH_BYTES
"""An unpacked request: entries and the standings beside them."""
MAX_REPLY = 16 * 1024 * 1024
"""An unpacked reply: the laptop stops reading beyond."""
NARROW_INTO = 16
"""Finer stretches of one whose rows differ (rule 8)."""
NARROW_ROWS = 32
"""Of a stretch with at most so many rows they are told."""
MAX_SPANS = 64
"""Stretches of one space in a request; where more differ, the space is told anew."""
MAX_SPACES = 5_000
"""Spaces in one request or reply."""
MAX_FILE = 2 * 1024 * 1024 * 1024
"""A file; it travels in parts, and neither end holds more than a part of it in memory."""
MAX_IN_MEMORY = 64 * 1024 * 1024
"""A file that is played or shown, which is done from memory, or that goes to or comes from a program of 0.2."""
MAX_FILES = 50
"""Files that one record may name."""
MAX_PICTURE = 16 * 1024 * 1024
"""A picture of a course."""
MAX_CAPTIONS = 1024 * 1024
"""The captions of a video in one language."""
MAX_PACKAGE = 512 * 1024 * 1024
"""A course that comes as one file, and all that it unpacks to."""
MAX_PACKAGE_ENTRIES = 2_000
MAX_PACKAGE_RATIO = 200
"""How many times larger than its packed form an entry may be; text rarely passes 20."""
MAX_NAME = 200
"""Characters of a person's or device's name."""
MAX_PASSWORD = 1_024
MIN_PASSWORD = 8

KEEP_CONFIRMED_MS = 7 * 86_400_000
KEEP_TOMBSTONES_MS = 400 * 86_400_000
"""How long a record that is no more is told of; who was away for longer compares in full (rule 8)."""
OFFER_AGAIN_MS = 3_600_000
"""How long what found no room on the server waits before it is offered again (rule 14)."""
MAX_CONFIRMED_BYTES = 64 * 1024 * 1024
STALL_MS = 30_000
LIVE_PULL_MS = 25_000
"""How long the server may hold a request when live pull comes (step 3)."""
