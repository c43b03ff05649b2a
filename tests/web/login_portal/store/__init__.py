"""The store on SQLite and on a real PostgreSQL: transactions, doorbells, migrations, faults."""
