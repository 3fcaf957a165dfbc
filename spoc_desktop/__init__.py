"""The application on the laptop: storage, services, window and what starts them.

May import ``sync.client`` and what is below it, never ``sync.server``; only ``spoc_desktop.ui`` knows Qt, only
``spoc_desktop.storage`` knows SQL. Nothing here decides what the server must decide.
"""
