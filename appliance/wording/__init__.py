"""Every word a person reads, in Dutch and English, for panel and pages."""
