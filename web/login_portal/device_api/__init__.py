"""What devices talk to: enrolment, access tokens, answers by Flask; the inbox by one small ASGI callable."""
