"""What the server issues and signs for people: certificates, with the key that vouches for them.

May import ``core``, ``storage`` and the shared packages; never ``sync`` or ``web``: those call it when work arrived.
"""
