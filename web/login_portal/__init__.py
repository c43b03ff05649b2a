"""The sign-in site, its enrolment and service desk, and the interface devices talk to."""
