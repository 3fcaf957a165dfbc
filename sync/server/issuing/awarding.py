"""Awarding: the certificate is signed and printed when work arrived that earns it, exactly once a cohort and learner.

Its id is derived and its number too, from a secret of the server: what a kill cut short is done again and says the
same. The PDF lies among the files before the record names it; the record is one transaction in the personal space.
"""

import hmac
import logging

from sqlalchemy import Connection, delete, func, insert, select

from sync.domain import spaces as names
from sync.domain.certificates import CERTIFICATE, Certificate, Statement, certificate_id, score_percent
from sync.domain.files import Attachment
from sync.domain.ids import NOBODY
from sync.domain.kind import encode
from sync.domain.spaces import SpaceType
from sync.reports import codes, seals
from sync.reports.fonts import Unprintable
from sync.reports.words import words_of
from sync.server import checkpoints
from sync.server.core import Core
from sync.server.issuing.earning import Earned, earned, offers
from sync.server.issuing.keys import issuer
from sync.server.storage import spaces
from sync.server.storage.dialect import upsert
from sync.server.storage.log import Kept, SpaceLog
from sync.server.storage.schema import file, incident, space

UNPRINTABLE = "certificate_unprintable"
PDF = "application/pdf"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SYMBOLS, _GROUP = 12, 4
_LONGEST_NAME = 120
_log = logging.getLogger(__name__)


def award(core: Core, space_id: bytes) -> bool:
    """Award the certificate of a personal space if it is earned and was not awarded; whether it was awarded now.

    What cannot be printed is not awarded: it is logged, and `/health` counts it until it is mended.
    """
    if names.type_of(space_id) is not SpaceType.PERSONAL:
        return False
    with core.reading() as connection:
        found = earned(connection, space_id)
    if found is None:
        return False
    key = issuer(core.settings.data)
    statement = _statement(core, space_id, found, codes.fingerprint(key.public_key()))
    signed, brief = codes.sign(key, statement), codes.sign(key, codes.brief(statement))
    try:
        from sync.reports.certificate import render  # a server starts without its typefaces

        document = _keep(core, seals.seal(render(signed, brief), key), _file_name(statement))
    except Unprintable as error:
        _refuse(core, space_id, str(error))
        return False
    except OSError:
        # What was pushed is kept all the same: a full disk, or a missing face, must not turn a laptop away.
        _log.exception("a certificate that is earned could not be made; it is tried again with the next push")
        return False
    body = Certificate(statement=statement, signature=signed.signature, document=document)
    checkpoints.reach(checkpoints.AWARD_BETWEEN)
    return core.writer.run(lambda connection: _write(core, connection, space_id, body))


def award_pending(core: Core) -> None:
    """Award whatever is earned: at start, for what a kill cut short, and after a course was published with a rule."""
    with core.reading() as connection:
        found = connection.execute(select(space.c.id)).scalars().all()
        personal = sorted(id_ for id_ in found if id_.startswith(bytes([SpaceType.PERSONAL])))
        offering = {id_ for id_ in {names.ids_of(each)[0] for each in personal} if offers(connection, id_)}
    for space_id in personal:
        if names.ids_of(space_id)[0] in offering:
            award(core, space_id)


def unprintable(connection: Connection) -> int:
    """How many certificates are earned and could not be printed."""
    return int(connection.execute(select(func.count()).where(incident.c.what == UNPRINTABLE)).scalar_one())


def number_of(secret: bytes, cohort: bytes, learner: bytes) -> str:
    """The number of a certificate, 60 bits that nobody else can foresee: 7K2M-94TD-QX8F."""
    drawn = hmac.digest(secret, b"certificate number" + cohort + learner, "sha256")
    number = int.from_bytes(drawn[:8], "big") >> 4
    letters = "".join(_CROCKFORD[number >> 5 * place & 31] for place in range(_SYMBOLS))
    return "-".join(letters[start : start + _GROUP] for start in range(0, _SYMBOLS, _GROUP))


def _statement(core: Core, space_id: bytes, found: Earned, key: bytes) -> Statement:
    cohort_id, learner = names.ids_of(space_id)
    edition, cohort = found.edition, found.cohort
    weeks: dict[int, int] = {}
    for module in edition.modules:
        weeks[module.week] = weeks.get(module.week, 0) + sum(one.minutes for one in module.activities)
    return Statement(
        number=number_of(core.secrets.publish, cohort_id, learner),
        issuer=core.organisation_name,
        name=found.name,
        course=edition.title,
        language=edition.language,
        starts=cohort.starts,
        ends=cohort.ends,
        awarded_at=core.now(),
        timezone=cohort.timezone,
        minutes_planned=sum(one.minutes for one in edition.activities),
        minutes_done=found.minutes_done,
        score_percent=score_percent(edition, found.grades),
        exercises_accepted=found.accepted,
        weeks=tuple(minutes for _, minutes in sorted(weeks.items()) if minutes),
        skills=edition.objectives,
        signatories=tuple((name, words_of(edition.language).role) for name in found.trainers),
        key=key,
        learner=learner,
        cohort=cohort_id,
    )


def _file_name(statement: Statement) -> str:
    whole = f"{words_of(statement.language).title} - {statement.name} - {statement.course}"
    return (
        "".join(letter if letter.isprintable() and letter not in '/\\<>:"|?*' else " " for letter in whole)[
            :_LONGEST_NAME
        ]
        + ".pdf"
    )


def _keep(core: Core, content: bytes, name: str) -> Attachment:
    """Put a file among the server's before anything names it."""
    with core.files.incoming() as incoming:
        incoming.write(content)
        digest = incoming.settle()
        core.files.keep(incoming, digest)
    return Attachment(sha256=digest, name=name, size=len(content), type=PDF)


def _write(core: Core, connection: Connection, space_id: bytes, body: Certificate) -> bool:
    log = SpaceLog(connection, spaces.ensure(connection, space_id))
    id_ = certificate_id(body.statement.cohort, body.statement.learner)
    if log.get(id_) is not None:
        return False
    at, document = body.statement.awarded_at, body.document
    values = {"sha256": document.sha256, "size": document.size, "at": at}
    connection.execute(upsert(connection, file).values(values).on_conflict_do_nothing())
    log.put(Kept(log.next_seq, CERTIFICATE.number, id_, NOBODY, at, encode(body)))
    log.close(core.tail())
    connection.execute(delete(incident).where(incident.c.what == UNPRINTABLE, incident.c.space_no == log.head.no))
    return True


def _refuse(core: Core, space_id: bytes, letters: str) -> None:
    """Say it once a learner, where IT looks."""

    def job(connection: Connection) -> bool:
        no = spaces.ensure(connection, space_id).no
        same = (incident.c.what == UNPRINTABLE, incident.c.space_no == no, incident.c.detail == letters)
        if connection.execute(select(incident.c.no).where(*same)).first() is not None:
            return False
        connection.execute(delete(incident).where(*same[:2]))
        connection.execute(insert(incident).values(at=core.now(), what=UNPRINTABLE, space_no=no, detail=letters))
        return True

    if core.writer.run(job):
        _log.error("a certificate that is earned cannot be printed: no face has %s", letters)
