"""Where people and their passwords come from: the built-in table, and a directory. One Protocol, `verdicts.Source`."""
