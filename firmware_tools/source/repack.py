"""Makes built archives say nothing of the machine they were built on: sorted, one time, fixed modes, no owners.

The wheel's and the sdist's files stay the bytes they are; only the boxes around them become the same everywhere.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import time
import zipfile
from pathlib import Path


def wheel(file: Path, made: int) -> None:
    """Write this wheel anew."""
    with zipfile.ZipFile(file) as opened:
        content = {one.filename: opened.read(one) for one in opened.infolist()}
    moment = time.gmtime(max(made, 315_532_800))[:6]
    last = next(name for name in content if name.endswith(".dist-info/RECORD"))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name in (*sorted(name for name in content if name != last), last):
            entry = zipfile.ZipInfo(name, moment)
            entry.external_attr = 0o100644 << 16
            packed.writestr(entry, content[name], zipfile.ZIP_DEFLATED, 9)


def sdist(file: Path, made: int) -> None:
    """Write this .tar.gz anew."""
    with tarfile.open(file) as opened:
        files = {
            one.name: (read.read() if (read := opened.extractfile(one)) else b"", one.mode & 0o100)
            for one in opened
            if one.isfile()
        }
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w", format=tarfile.PAX_FORMAT) as packed:
        for name, (content, runs) in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime, entry.mode = len(content), made, 0o755 if runs else 0o644
            packed.addfile(entry, io.BytesIO(content))
    with file.open("wb") as out, gzip.GzipFile("", "wb", 9, out, made) as zipped:
        zipped.write(inner.getvalue())
