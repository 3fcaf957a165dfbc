"""Text: Markdown to blocks and back, reading helpers, and the cleaning of what comes from outside.

May import ``sync.domain``, markdown-it-py. Never Qt, SQL or the network; nothing here fetches anything.
"""
