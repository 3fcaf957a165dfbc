"""The central server: it decides order, permission and grades; laptops propose.

``app`` builds it, ``cli`` is IT's command line, ``sync`` accepts and tells, ``accounts`` knows who asks, ``storage``
keeps, ``web`` speaks HTTP. May import ``sync.protocol``, ``sync.content``, ``sync.domain``. Never ``sync.client``,
never Qt.
"""
