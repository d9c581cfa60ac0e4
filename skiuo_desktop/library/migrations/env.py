"""Run by Alembic. The caller (`library.migrate`) hands its own connection over and owns the transaction around it."""

from alembic import context

from skiuo_desktop.library.migrate import OPTIONS

context.configure(connection=context.config.attributes["connection"], **OPTIONS)
context.run_migrations()
