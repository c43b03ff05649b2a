"""The technician's command line: boards, provisioning and self-test from the bench computer."""
