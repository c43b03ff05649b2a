"""The power-cut laboratory: the real vault code over a disk that remembers every call and can be cut anywhere."""
