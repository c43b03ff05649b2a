"""The portal's records: SQLite by default, PostgreSQL for several workers. They are the truth, wires are doorbells."""
