"""Which files a change names: they have to be sent before it (protocol rule 7)."""

from sync.domain.files import Attachment
from sync.domain.naming import named_in_body, named_in_field
from sync.protocol.messages import Create, Edit, Mutation


def named_in_mutation(number: int, mutation: Mutation) -> tuple[Attachment, ...]:
    """The files that a change of a record of this kind names."""
    match mutation:
        case Create(body=body):
            return named_in_body(number, bytes(body))
        case Edit(changes=changes):
            found = (named_in_field(number, field, bytes(raw)) for field, raw in changes.items())
            return tuple(attachment for field in found for attachment in field)
        case _:
            return ()
