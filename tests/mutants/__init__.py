"""Breaks the code on purpose, one small place at a time, and asks whether the tests notice."""
