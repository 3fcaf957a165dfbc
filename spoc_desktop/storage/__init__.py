"""The laptop's store: one encrypted file a person; what is accepted (`record`), what waits (`outbox`), projections.

May import ``sync.client`` and below, SQLAlchemy Core and the keyring; never Qt, never ``sqlalchemy.orm``. No rule of
the field lives here: what a person sees is decided by ``sync.client.view``. ``store.py`` is the door of services,
``sync_store.py`` that of the sync engine, the rest are their rooms.
"""
