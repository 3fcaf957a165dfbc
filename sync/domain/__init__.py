"""What a SPOC is: records that are their own wire form, and pure rules over them.

May import msgspec and the standard library's pure parts. Never a clock, chance, disk, network, log, Qt or SQL: ``now``,
new ids and seeds are handed in.
"""
