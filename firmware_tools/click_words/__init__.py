"""Click's own words in Dutch: usage, options, what was misspelled. A catalogue of their own, for they have plurals.

Click asks gettext's current domain for every word it says; this names the domain, and changes nothing in click.
"""

from __future__ import annotations

import gettext
import os
from pathlib import Path

DOMAIN = "click"
FOLDER = Path(__file__).parent


def speak(language: str) -> None:
    """From now on click speaks this language in this process. For the top of a command, once."""
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain(DOMAIN, str(FOLDER))
    gettext.textdomain(DOMAIN)
