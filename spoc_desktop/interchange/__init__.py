"""Foreign forms of a course and domain records, both ways: the plain-text course folder first.

May import sync.domain, sync.content, sync.protocol's limits and spoc_desktop.i18n. Never Qt, SQL, a store or the
network: a reader returns what it understood or every problem with file and line, and whoever called it saves.
"""
