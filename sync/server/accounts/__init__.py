"""Who asks: people, devices, invitations, passwords, tokens, and the enrolments that open spaces to them.

May import ``storage`` and ``sync.server.sync`` (an enrolment writes rows). Never ``web``: nothing here knows HTTP.
"""
