"""Off a Pi there is no kms++; picamera2 needs these names when it is imported, and never uses them here."""


class _Named:
    def __getattr__(self, name: str) -> str:
        return name


PixelFormat = _Named()


class Card:
    """There is no display to draw on."""

    def __init__(self, *_: object) -> None:
        raise RuntimeError("no DRM here")


class DumbFramebuffer:
    """Never made."""


class DmabufFramebuffer:
    """Never made."""


class AtomicReq:
    """Never made."""
