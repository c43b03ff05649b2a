"""`python -m web.login_portal`: the same as `desk-portal`."""

from web.login_portal.command import main

main()
