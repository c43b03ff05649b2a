"""Tests mirror the tree; each reads as a sentence and holds one law."""
