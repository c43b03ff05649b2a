"""Which camera this device has: the one place that knows every form, and imports only the chosen one."""

from __future__ import annotations

from pathlib import Path

from appliance.hardware.camera import Camera, CameraMissing


def open_camera(hardware: str, run: Path, model: str, size: tuple[int, int]) -> Camera:
    """The camera of this hardware: the bench's, the Pi's, or the first V4L2 device that gives grey frames.

    Raises CameraMissing when the configuration says that there is none.
    """
    if hardware == "simulated":
        from appliance.hardware.simulated.camera import WorldCamera  # noqa: PLC0415 - bench only

        return WorldCamera(run)
    if model == "none":
        raise CameraMissing
    from appliance.hardware import camera_pi, camera_v4l2  # noqa: PLC0415 - needs a device

    if camera_pi.installed() and camera_pi.connected():
        return camera_pi.PiCamera(size)
    return camera_v4l2.V4l2Camera(camera_v4l2.first_device(), size)
