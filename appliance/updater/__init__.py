"""The updater: the only process that may write the software's folder. It has no network, no device and no secret."""
