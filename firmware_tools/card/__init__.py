"""The card of a new device: which disk it is, the image on it, and the files of its boot partition."""
