"""The Alembic environment of the library: plain files, run by `library.migrate` when a library is opened."""
