"""Camera frames in, one text out. Started for a scan, then gone; knows no secret and no network."""
