"""What every test shares: how thoroughly properties are tried. Anything more belongs beside the tests that need it."""

from __future__ import annotations

from hypothesis import settings

# no deadline: a busy machine is not a defect; no database: a run depends on nothing that an earlier one left behind
settings.register_profile("house", deadline=None, database=None)
settings.load_profile("house")
