"""The local home of recordings and rows: schema, migrations, catalog, search.

`library.Library` is the door; the other modules are its parts.
"""
