"""Mail by SMTP: one message to one address, over TLS unless the server is on this machine (RFC 5321, RFC 3207).

Headers are made by the library from checked values, so that no name or address can begin another one.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from appliance.core.errors import DeskTokenError, Refused
from web.login_portal.gateways.sender import NotSent, Unsure
from web.login_portal.outbox import Message
from web.login_portal.rules.addresses import is_loopback
from web.login_portal.rules.mail import address, subject


@dataclass(frozen=True, slots=True)
class Smtp:
    """The server. `tls` is start, smtps or none; none is for the loopback. Seconds."""

    host: str
    sender: str
    port: int = 587
    tls: str = "start"
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    patience: float = 20.0

    def send(self, message: Message) -> None:
        """One mail. Raises NotSent; Unsure when it was handed over and no answer came."""
        try:
            mail = letter(message, self.sender)
        except (Refused, ValueError) as wrong:
            raise NotSent("The mail's address or subject is not allowed") from wrong
        try:
            server = self._connected()
        except (OSError, smtplib.SMTPException) as wrong:
            raise NotSent("The mail server cannot be reached, or does not let us in") from wrong
        try:
            server.send_message(mail)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as wrong:
            raise NotSent("The mail server refused the message") from wrong
        except (OSError, smtplib.SMTPException) as wrong:
            raise Unsure("The mail server did not answer") from wrong
        finally:
            server.close()  # without a farewell: what it would answer changes nothing any more

    def _connected(self) -> smtplib.SMTP:
        trust = ssl.create_default_context(cafile=self.ca_file or None)
        if self.tls == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.patience, context=trust
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.patience)
        try:
            if self.tls == "start":
                server.starttls(context=trust)
            if self.user:
                server.login(self.user, self.password)
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
        return server


def letter(message: Message, sender: str) -> EmailMessage:
    """The mail as it goes out. Raises Refused or ValueError for anything that would begin another header."""
    mail = EmailMessage()
    mail["From"] = Address(addr_spec=address(sender))
    if not address(message.recipient):
        raise Refused("This is not a mail address")
    mail["To"] = Address(addr_spec=address(message.recipient))
    mail["Subject"] = subject(message.subject)
    mail["Date"] = format_datetime(datetime.fromtimestamp(message.at, UTC))
    mail["Message-ID"] = make_msgid(domain=address(sender).partition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    if message.picture:
        mail.add_attachment(
            message.picture, maintype="image", subtype="png", filename="desk-token.png"
        )
    return mail


def checked(about: Smtp) -> Smtp:
    """The same, if it can work. Raises DeskTokenError."""
    if about.tls not in {"start", "smtps", "none"} or not address(about.sender):
        raise DeskTokenError("[mail] has a wrong tls or sender")
    if about.tls == "none" and not is_loopback(about.host):
        raise DeskTokenError("Mail goes over TLS, unless its server is on this machine")
    return about
