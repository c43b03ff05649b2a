"""The supply chain: what may come in, and how a release goes out."""
