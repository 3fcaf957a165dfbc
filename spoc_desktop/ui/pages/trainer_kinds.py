"""The kinds whose change makes a trainer's page read again."""

from sync.domain.exercises import HAND_IN, RETURNED, REVIEW
from sync.domain.followup import NEXT_ACTION, PRIVATE_NOTE
from sync.domain.forum import POST
from sync.domain.messages import MESSAGE

REVIEW_KINDS = frozenset(kind.number for kind in (HAND_IN, RETURNED, REVIEW, MESSAGE, POST))
FILE_KINDS = REVIEW_KINDS | {NEXT_ACTION.number, PRIVATE_NOTE.number}
