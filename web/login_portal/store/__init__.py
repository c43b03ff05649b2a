"""The portal's records: SQLite by default, a connection per thread. The database is the truth, wires are doorbells."""
