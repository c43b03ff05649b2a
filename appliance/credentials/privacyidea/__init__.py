"""The protocol of privacyIDEA's push tokens and containers, seen on a real 3.14: bytes in, bytes out.

Nothing here reads a clock, a socket or a file. What comes from a server is untrusted until a signature under the key
that was pinned at enrolment fits; what is signed is built here, never handed in whole.
"""
