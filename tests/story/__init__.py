"""Stories on real processes: the portal and every process of the device, with a virtual panel, button and camera."""
