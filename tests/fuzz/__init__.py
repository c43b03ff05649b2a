"""Fuzzing: every parser of outside text against the law it must keep, whatever the bytes."""
