"""The user's own servers: an object store and a PostgreSQL that mirror the library, and may be away.

`store.ObjectStore` holds the objects; `database` and `rows` the rows. Nothing here reads or writes the local library.
"""
