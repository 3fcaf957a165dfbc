"""What alembic runs: the revisions over the connection that `migrate` handed in."""

from alembic import context

from sync.server.storage.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
