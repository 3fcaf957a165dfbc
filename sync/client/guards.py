"""What is checked of a reply before anything of it is applied (protocol rule 9)."""

from sync.protocol.errors import AnswerCut, NotOurServer
from sync.protocol.messages import Outcome, SyncReply, SyncRequest


def check(server: bytes, request: SyncRequest, reply: SyncReply) -> None:
    """NotOurServer when another server answered, AnswerCut when it answers what was not asked: nothing is applied."""
    if reply.server != server:
        # An empty or foreign server knows none of our spaces: its "revoked" would empty this laptop.
        raise NotOurServer(f"server {reply.server.hex()} instead of {server.hex()}")
    asked = {batch.space: len(batch.entries) for batch in request.batches}
    for answer in reply.answers:
        sent, answered = asked.get(answer.space, -1), sum(run.count for run in answer.runs)
        if answered > sent:
            raise AnswerCut("more answers than changes were sent")
        if answer.outcome is Outcome.DONE and answered < sent:
            # Taken for whole, what is missing would be sent again and again and nobody would hear why.
            raise AnswerCut("fewer answers than changes were sent")
