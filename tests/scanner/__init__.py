"""The scanner: what it reads, what it refuses, and that it goes when told."""
