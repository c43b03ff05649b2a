"""The control socket: what each process may ask of the authenticator. No reply has a place for a secret or a code.

A call is `{"method": …, "parameters": {…}}`, a reply `{"parameters": {…}}` or `{"error": …}`. Each role has a
socket under `control/`, and the kernel's word for who calls (SO_PEERCRED) must fit it. `CALLS` is all there is to ask.
"""

from __future__ import annotations

from appliance.wire import asking, carrying, linking, polling, safekeeping, service, updates, upkeep
from appliance.wire.call import Rows

CALLS: dict[str, Rows] = {
    "courier": {**carrying.OF_COURIER, **polling.OF_COURIER, **updates.OF_COURIER},
    "page": {
        **asking.OF_PAGE,
        **linking.OF_PAGE,
        **upkeep.OF_PAGE,
        **updates.OF_PAGE,
        **safekeeping.OF_PAGE,
    },
    "console": {**asking.OF_CONSOLE, **service.OF_CONSOLE},
    "steward": upkeep.OF_STEWARD,
    "porter": upkeep.OF_PORTER,
    "updater": updates.OF_UPDATER,
}
