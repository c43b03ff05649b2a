"""The device page as one Flask app: the guard, the door and the pages behind it."""

from __future__ import annotations

from flask import Flask

from web.device_page import words
from web.device_page.actions import PICTURE_CAP
from web.device_page.api import api
from web.device_page.door import door
from web.device_page.guard import stand_before
from web.device_page.house import House, is_excepted, language, say, session, status
from web.device_page.pages.accounts import accounts_page
from web.device_page.pages.backup import backup_page
from web.device_page.pages.clock import clock_page
from web.device_page.pages.kiosk import kiosk_page
from web.device_page.pages.linking import linking_page
from web.device_page.pages.log import log_page
from web.device_page.pages.network import network_page
from web.device_page.pages.panel import panel_page
from web.device_page.pages.reset import reset_page
from web.device_page.pages.security import security_page
from web.device_page.pages.settings import settings_page
from web.device_page.pages.status import status_page
from web.device_page.pages.update import update_page


def create_app(house: House) -> Flask:
    """The app of this house. It keeps nothing on disk and signs no cookies of Flask's own."""
    app = Flask(__name__)
    app.config.update(
        MAX_CONTENT_LENGTH=PICTURE_CAP + 64 * 1024,
        # files are read by 64 KiB, and what is left of one counts too
        MAX_FORM_MEMORY_SIZE=256 * 1024,
        MAX_FORM_PARTS=32,
        PROPAGATE_EXCEPTIONS=False,
    )
    stand_before(app, house)

    @app.context_processor
    def everywhere() -> dict[str, object]:
        known = session()
        return {
            "t": say,
            "language": language(),
            "inside": known is not None,
            "token": known.token if known else house.doorman.door_token,
            "menu": words.MENU,
            "words": words,
            "is_excepted": is_excepted,
            "stage": status().stage if known else "",
        }

    for blueprint in (
        door(house),
        status_page(house),
        linking_page(house),
        accounts_page(house),
        settings_page(house),
        security_page(house),
        backup_page(house),
        network_page(house),
        clock_page(house),
        panel_page(house),
        kiosk_page(house),
        log_page(house),
        update_page(house),
        api(house),
        reset_page(house),
    ):
        app.register_blueprint(blueprint)
    return app
