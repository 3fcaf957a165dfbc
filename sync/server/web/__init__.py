"""HTTP and nothing else: routes, packing of replies and failures, limits on what arrives, the request log, health.

May import everything of ``sync.server``. No rule lives here: a route unpacks, calls one function and packs its answer.
"""
