"""All that the laptop and the central server share, and the two ends of the wire.

``domain`` holds records and pure rules, ``content`` text, ``protocol`` messages; ``client`` and ``server`` are the two
ends and never know each other. Nothing here imports ``spoc_desktop``.
"""
