"""Lets picamera2 drive libcamera's `virtual` camera, for tests in a virtual machine only.

That camera has no raw stream, gives NV12 where a Pi gives YUV420 (the same grey plane first), wants its own
allocator, and leaves the count of used bytes at 0.
"""

import mmap

import libcamera
from picamera2 import picamera2 as module
from picamera2.allocators import LibcameraAllocator, allocator

Camera = module.Picamera2
_open, _video = Camera._open_camera, Camera.create_video_configuration


def _modes(self):
    roles = self.camera.generate_configuration([libcamera.StreamRole.StillCapture])
    formats = roles.at(0).formats
    return [
        {"format": str(kind), "size": (size.width, size.height)}
        for kind in formats.pixel_formats
        for size in formats.sizes(kind)
    ]


def _open_camera(self):
    _open(self)
    module.DmaAllocator = lambda: LibcameraAllocator(self.camera)


def _video_configuration(self, main=None, **words):
    words["raw"] = None
    words["controls"] = {}
    return _video(self, main={**(main or {}), "format": "NV12"}, **words)


def _enter(self):
    frame = self._Sync__fb
    length = sum(plane.length for plane in frame.planes)
    whole = mmap.mmap(frame.planes[0].fd, length, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE)
    self._Sync__mm = whole
    return whole


Camera._get_raw_modes = _modes
Camera._open_camera = _open_camera
Camera.create_video_configuration = _video_configuration
allocator.Sync.__enter__ = _enter
