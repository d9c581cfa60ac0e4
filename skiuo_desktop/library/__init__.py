"""The local home of recordings and rows: schema, migrations, catalog, search."""
