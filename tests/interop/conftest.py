"""One privacyIDEA for a whole session of a worker; its policies are global, so no two workers share one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.administrator import PrivacyIdea
from tests.interop.device import Device
from tests.interop.laboratory import PASSWORD, running

RIGHTS = (
    "enrollPUSH enrollTOTP enrollHOTP enrollDAYPASSWORD enrollpin setpin delete disable enable revoke set tokenlist"
    " policywrite policydelete resolverwrite smsgateway_write smsgateway_read configwrite"
    " container_create container_delete container_register container_unregister container_rollover"
    " container_add_token container_remove_token container_list container_state assign"
)
ONE_HALF = "test_policies_on_the_panel", "test_codes", "test_containers", "test_rollover"
PEOPLE = "".join(
    f"{name}:x:{number}:{number}:{name.title()} Bakker,,,,{name}@example.org:/:/bin/sh\n"
    for number, name in enumerate(("anja", "bram"), 1000)
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two workers, about equally long at it; each has a server of its own."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            group = "privacyidea one" if item.path.stem in ONE_HALF else "privacyidea two"
            item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivacyIdea]:
    """The real server, with one realm of users."""
    folder = tmp_path_factory.mktemp("privacyidea")
    with running(folder) as url:
        there = PrivacyIdea(url, PASSWORD)
        people = folder / "people"
        people.write_text(PEOPLE)
        there.user_realm(str(people))
        push = {"push_firebase_configuration": "poll only"}
        there.standing_policy(
            "push", "enrollment", **push, push_registration_url=f"{url}/ttype/push"
        )
        rights = dict.fromkeys(RIGHTS.split(), True)
        there.standing_policy("rights", "admin", **rights, totp_2step="allow", hotp_2step="allow")
        yield there
        there.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Device]:
    """A token without its processes, linked to nothing yet."""
    there = Device(tmp_path)
    yield there
    there.close()
