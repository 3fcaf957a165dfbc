"""E-mail to whom the program does not reach: invitations, reminders, digests, work that came back.

May import ``storage`` and ``core``; never ``web``, ``accounts`` or ``sync.server.sync``, which import it. An occasion
is queued in the transaction that makes it; one thread a process sends what is due.
"""
