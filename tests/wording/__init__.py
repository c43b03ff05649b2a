"""The catalogue is whole: what the sources say, a Dutch person can read."""
