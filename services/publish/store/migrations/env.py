"""Alembic's entry: it migrates the connection that it is handed, inside the transaction that is open on it."""

from __future__ import annotations

from alembic import context

from services.publish.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
