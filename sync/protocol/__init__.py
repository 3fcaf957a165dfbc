"""What goes over the wire: messages, their packing, digests, seals, limits, versions and named errors.

May import ``sync.content`` and ``sync.domain``. Pure: no clock, chance, disk, network, log; keys and times are handed
in.
"""
