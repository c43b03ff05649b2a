"""`desk-token check`: a device with one thing wrong at a time."""
