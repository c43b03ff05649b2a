"""Tests of the sign-in portal: each is one law of its pages, its device API or its rules."""
