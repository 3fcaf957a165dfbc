"""Bugs that must be caught, by subject. A new one: its lines, then `python -m tools.mutants --hunt NAME` for a seed."""

from tests.mutants.ahead import FILES_AHEAD
from tests.mutants.ballots import BALLOTS
from tests.mutants.certificates import CERTIFICATES
from tests.mutants.clock import CLOCK
from tests.mutants.closing import CLOSING
from tests.mutants.company import COMPANY
from tests.mutants.disk import DISK
from tests.mutants.divergence import DIVERGENCE
from tests.mutants.documents import DOCUMENTS, VERSIONS
from tests.mutants.engines import CLASSIC, RESTORES
from tests.mutants.faults import FAULTS
from tests.mutants.files import FILES_AND_REVIEWS, FILES_AND_UNDO
from tests.mutants.giving_back import GIVING_BACK
from tests.mutants.handshake import HANDSHAKE
from tests.mutants.limits import LIMITS
from tests.mutants.live import LIVE_PULL
from tests.mutants.mutant import Mutant
from tests.mutants.nights import NIGHTS
from tests.mutants.packages import PACKAGES
from tests.mutants.parts import PARTS
from tests.mutants.processes import PROCESSES
from tests.mutants.protected import PROTECTED
from tests.mutants.protections import OURS
from tests.mutants.standing import STANDING
from tests.mutants.timing import TIMING
from tests.mutants.together import TOGETHER
from tests.mutants.unnamed import UNNAMED
from tests.mutants.whole_batches import PARTS_AHEAD, WHOLE_BATCHES

KNOWN: tuple[Mutant, ...] = (
    CLASSIC
    + RESTORES
    + OURS
    + CERTIFICATES
    + FILES_AND_UNDO
    + FILES_AND_REVIEWS
    + FILES_AHEAD
    + TOGETHER
    + WHOLE_BATCHES
    + PARTS_AHEAD
    + PACKAGES
    + PARTS
    + DISK
    + FAULTS
    + PROCESSES
    + TIMING
    + CLOCK
    + CLOSING
    + LIMITS
    + HANDSHAKE
    + DOCUMENTS
    + VERSIONS
    + BALLOTS
    + DIVERGENCE
    + GIVING_BACK
    + COMPANY
    + LIVE_PULL
    + UNNAMED
    + STANDING
    + NIGHTS
    + PROTECTED
)
