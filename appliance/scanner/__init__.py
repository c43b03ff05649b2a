"""Process 2: camera frames in, one text out; started for a scan, then gone."""
