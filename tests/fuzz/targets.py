"""The table of fuzz targets.

Nothing is imported here but names, so that an engine can prepare the imports before they happen.
"""

from __future__ import annotations

from tests.fuzz.shapes import CORPUS, Law, Plant, Target

__all__ = ["BY_NAME", "CORPUS", "TARGETS", "Law", "Plant", "Target"]
TARGETS = (
    Target(
        "otpauth",
        "one_time:otpauth_text",
        "appliance.credentials.otpauth",
        Plant('key_uri.number(values.get("digits", "6"))', 'int(values.get("digits", "6"))'),
        ("appliance.credentials.candidates",),
    ),
    Target(
        "migration",
        "one_time:migration_text",
        "appliance.credentials.google_migration",
        Plant("kind is None or algorithm is None or", "kind is None or"),
        ("appliance.credentials.candidates",),
    ),
    Target(
        "scanned",
        "one_time:scanned_text",
        "appliance.credentials.scanned",
        Plant("1 <= int(port) <= 65535", "1 <= int(port)"),
    ),
    Target(
        "link",
        "one_time:enrolment_link",
        "appliance.wire.enrolment",
        Plant("match = LINK.fullmatch(untrusted_text)", "match = LINK.match(untrusted_text)"),
    ),
    Target(
        "signed",
        "letters:signed",
        "appliance.wire.jose",
        Plant('.get("typ") != kind', '.get("typ", "")[:4] != kind[:4]'),
        ("joserfc.jws", "joserfc._rfc7515"),
    ),
    Target(
        "parcel",
        "letters:parcel",
        "appliance.wire.broker",
        Plant("except (msgspec.DecodeError, RecursionError)", "except msgspec.ValidationError"),
    ),
    Target(
        "letters",
        "letters:letter",
        "appliance.wire.letters",
        Plant("except (ValueError, msgspec.DecodeError", "except (msgspec.DecodeError"),
        ("appliance.wire.jose",),
    ),
    Target(
        "enrolment",
        "letters:enrolment_records",
        "appliance.wire.enrolment",
        Plant("    ticket: str\n    code: str\n", '    ticket: str\n    code: str = ""\n'),
        ("appliance.wire.jose",),
    ),
    Target(
        "grant",
        "letters:grant",
        "appliance.wire.enrolment",
        Plant(
            "except (JoseError, ValueError, KeyError, TypeError, RecursionError)",
            "except (JoseError, ValueError, TypeError, RecursionError)",
        ),
        ("appliance.wire.jose", "joserfc.jwe", "joserfc._rfc7516"),
    ),
    Target(
        "framing",
        "lines:framed",
        "appliance.wire.framing",
        Plant("bytearray(rest)", 'bytearray(rest.lstrip(b"\\n"))'),
    ),
    Target(
        "calls",
        "lines:Calls",
        "appliance.authenticator.control",
        Plant(
            "if call.method not in CALLS[role]:",
            "if not any(call.method in row for row in CALLS.values()):",
        ),
    ),
    Target(
        "scan-request",
        "scans:request",
        "appliance.scanner.session",
        Plant("min(max(seconds, 0.0), LONGEST)", "max(seconds, 0.0)"),
    ),
    Target(
        "scan-answer",
        "scans:Heard",
        "appliance.authenticator.scanning",
        Plant("(width + 7) // 8 * height", "width // 8 * height"),
    ),
    Target(
        "picture",
        "scans:PictureFiles",
        "appliance.scanner.images",
        Plant("    SyntaxError,\n", ""),
        ("PIL.PngImagePlugin", "PIL.JpegImagePlugin", "PIL.WebPImagePlugin", "PIL.ImageFile"),
    ),
    Target(
        "config",
        "words:Configuration",
        "appliance.wire.config_file",
        Plant(' and (parts.scheme == "https" or loopback)', ""),
        ("appliance.wire.boards", "appliance.wire.config_disk", "tomllib"),
    ),
    Target(
        "name",
        "words:name",
        "appliance.core.screen",
        Plant('unicodedata.category(c)[0] != "C"', 'unicodedata.category(c) != "Cc"'),
    ),
    Target(
        "setting",
        "words:changed_setting",
        "appliance.core.settings",
        Plant("form.fullmatch(untrusted_value) is None", "form.match(untrusted_value) is None"),
    ),
    Target(
        "events",
        "words:events",
        "appliance.courier.event_stream",
        Plant("                and event.id.isdigit()\n", ""),
        ("httpx_sse._decoders",),
    ),
    Target(
        "frames",
        "technicians:framed",
        "appliance.wire.frames",
        Plant("if zlib.crc32(checked) != end:", "if zlib.crc32(checked) & 0xFF != end & 0xFF:"),
    ),
    Target(
        "improv",
        "technicians:improvised",
        "appliance.wire.improv",
        Plant("if len(text) != length:", "if not text and length:"),
    ),
    Target(
        "clerk",
        "far_ends:clerk",
        "appliance.console.desk_clerk",
        Plant("except DeskTokenError as trouble", "except KeyError as trouble"),
    ),
    Target(
        "people",
        "offices:people",
        "web.login_portal.rules.people_file",
        Plant("not _SERIAL.issuperset(untrusted)", 'not _SERIAL.issuperset(untrusted.strip("/"))'),
    ),
    Target(
        "portal-reply",
        "far_ends:portal_reply",
        "appliance.courier.exchange",
        Plant("except UnicodeDecodeError as wrong", "except KeyError as wrong"),
    ),
    Target(
        "wifi",
        "taken:network",
        "appliance.credentials.wifi",
        Plant("not _is_printable(name + password)", "not _is_printable(name)"),
    ),
    Target(
        "export",
        "taken:pictures",
        "appliance.credentials.export",
        Plant(
            "if (page.export, page.batches) != (first.export, first.batches):",
            "if page.export != first.export:",
        ),
    ),
    Target(
        "application",
        "applications:words",
        "web.login_portal.rules.application_words",
        Plant('if not good or "#" in untrusted:', "if not good:"),
    ),
    Target(
        "push-code",
        "push:push_code",
        "appliance.credentials.privacyidea.enrolment",
        Plant("not SERIAL.fullmatch(candidate.serial) or", ""),
    ),
    Target(
        "container-code",
        "push:container_code",
        "appliance.credentials.privacyidea.containers",
        Plant("or not NONCE.fullmatch(candidate.nonce)", ""),
    ),
    Target(
        "renewal",
        "push:rolled_over",
        "appliance.credentials.privacyidea.containers",
        Plant("(url, serial) or candidate.prompt", "(url, serial)"),
    ),
    Target(
        "poll",
        "push:poll",
        "appliance.credentials.privacyidea.challenges",
        Plant(" and SEPARATOR not in option", ""),
    ),
    Target(
        "push-reply",
        "push:reply",
        "appliance.credentials.privacyidea.replies",
        Plant("0 < body.time < LATEST", "0 < body.time"),
    ),
    Target(
        "handed-out",
        "push:handed_out",
        "appliance.credentials.privacyidea.containers",
        Plant("except (InvalidTag, ValueError,", "except (InvalidTag,"),
    ),
    Target(
        "archive",
        "bundles:archive",
        "appliance.wire.bundle_archive",
        Plant("canonical != untrusted or", "canonical[:100] != untrusted[:100] or"),
    ),
    Target(
        "manifest",
        "bundles:manifest",
        "appliance.wire.bundle",
        Plant("offered < version_of(here.highest)", "offered > version_of(here.highest)"),
    ),
    Target(
        "backup",
        "keeping:backup",
        "appliance.authenticator.backup_file",
        Plant("if codes.kind not in (Kind.TOTP, Kind.HOTP):", "if codes.kind is None:"),
    ),
    Target(
        "addresses",
        "keeping:listed",
        "appliance.core.addresses",
        Plant("1 <= int(text) <= 65535", "int(text) >= 0"),
    ),
    Target(
        "fixed-address",
        "keeping:address",
        "appliance.wire.fixed_address",
        Plant("gateway not in network or", "gateway.is_loopback or"),
    ),
    Target(
        "batch",
        "benches:batch",
        "firmware_tools.bench.wanted",
        Plant("SERIAL.fullmatch(wanted.serial)", "SERIAL.match(wanted.serial)"),
    ),
    Target(
        "inventory",
        "benches:inventory",
        "firmware_tools.fleet.inventory",
        Plant("MARK.fullmatch(token.fingerprint)", "MARK.match(token.fingerprint)"),
    ),
    Target(
        "portal-list",
        "benches:portal_list",
        "firmware_tools.fleet.boxes",
        Plant("if None in row or None in row.values()", "if None in row"),
    ),
)
BY_NAME = {target.name: target for target in TARGETS}
