"""A technician's browser at the device's own page, let in with the code from the panel."""

from __future__ import annotations

import re

import httpx

from tests.story.house import House

TOKEN = re.compile(r'name="token" value="([^"]+)"')


def opens_the_page(home: House, *, linked: bool = False) -> tuple[str, str]:
    """Somebody holds for the page; the address and the code that the panel shows then."""
    if linked:
        home.hands.hold()
    else:
        home.hands.tap()
    home.hands.sees("Menu")
    home.hands.nudge_to("▸ Instelpagina")
    home.hands.hold()
    home.hands.sees("Houd 3 s")
    home.hands.hold()
    shown = home.hands.sees("Open in de browser")
    address, digits = re.search(r"https?://\S+", shown), re.search(r"Code (\d{4} \d{4})", shown)
    assert address
    assert digits
    return address[0], digits[1]


class Technician:
    """A browser at the device's page, let in with the code from the panel."""

    def __init__(self, home: House, *, linked: bool = False) -> None:
        address, digits = opens_the_page(home, linked=linked)
        # the certificate was made on the device; a person compares its fingerprint with the panel
        self._http = httpx.Client(
            base_url=address,
            verify=False,  # noqa: S501 - see above
            follow_redirects=True,
            trust_env=False,
        )
        self._http.headers["Origin"] = address
        self.page = self._http.get("/").text
        self.sends(re.findall(r'action="([^"]+)"', self.page)[-1], code=digits)

    def opens(self, path: str) -> None:
        self.page = self._http.get(path).text

    def sends(self, path: str, **fields: str) -> None:
        self.page = self._http.post(path, data={"token": self._token(), **fields}).text

    def sends_picture(self, path: str, picture: bytes) -> None:
        files = {"picture": ("qr.png", picture, "image/png")}
        self.page = self._http.post(path, data={"token": self._token()}, files=files).text

    def action(self, field: str) -> str:
        """Where the form with this field goes."""
        forms = re.findall(r'<form[^>]*action="([^"]+)"(.*?)</form>', self.page, re.DOTALL)
        return next(action for action, body in forms if f'name="{field}"' in body)

    def link_page(self) -> None:
        self.opens(
            next(path for path in re.findall(r'href="([^"]+)"', self.page) if "link" in path)
        )

    def every_page(self) -> dict[str, bytes]:
        """All pages that the page itself names, as they were sent."""
        paths = {
            path for path in re.findall(r'href="(/[^"#?]*)"', self.page) if "static" not in path
        }
        return {path: self._http.get(path).content for path in sorted(paths)}

    def _token(self) -> str:
        found = TOKEN.search(self.page)
        assert found, self.page[:400]
        return found[1]

    def close(self) -> None:
        self._http.close()
