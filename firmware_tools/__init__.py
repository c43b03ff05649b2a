"""The technician's command line: cards, devices on the cable, fleets and update bundles; and what builds the package.

It runs on the bench computer, never on a device.
"""
