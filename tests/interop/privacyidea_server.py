"""Starts a real privacyIDEA for the tests: run by the Python of the lab's own environment, never imported by ours.

`python privacyidea_server.py FOLDER` makes database, keys and one administrator there, listens on a free port of
this machine and says `ready http://127.0.0.1:PORT`. All else is set through its own API.
"""

import logging
import os
import sys
from pathlib import Path

CONFIG = """
SUPERUSER_REALM = ["super"]
SECRET_KEY = "{secret}"
PI_PEPPER = "{secret}"
PI_ENCFILE = "{folder}/enckey"
PI_AUDIT_KEY_PRIVATE = "{folder}/private.pem"
PI_AUDIT_KEY_PUBLIC = "{folder}/public.pem"
PI_LOGLEVEL = 40
PI_LOGFILE = "{folder}/privacyidea.log"
SQLALCHEMY_DATABASE_URI = "sqlite:///{folder}/privacyidea.sqlite"
"""
SCHEMES = ["pbkdf2_sha512"]  # the administrator's password; argon2 is slow on purpose


def main() -> None:
    """Make it, then serve until the process is ended."""
    folder = Path(sys.argv[1]).resolve()
    configuration = folder / "pi.cfg"
    configuration.write_text(CONFIG.format(folder=folder, secret=os.urandom(16).hex()))
    from privacyidea.app import create_app

    app = create_app(config_name="production", config_file=str(configuration), silent=True)
    app.config["PI_HASH_ALGO_LIST"] = SCHEMES
    with app.app_context():
        _furnish(folder)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    from werkzeug.serving import WSGIRequestHandler, make_server

    WSGIRequestHandler.protocol_version = "HTTP/1.1"  # connections are kept, as behind a real front
    server = make_server("127.0.0.1", 0, app, threaded=True)
    print(f"ready http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


def _furnish(folder: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from privacyidea.lib.auth import create_db_admin
    from privacyidea.models import db

    (folder / "enckey").write_bytes(os.urandom(96))
    key = rsa.generate_private_key(65537, 2048)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    (folder / "private.pem").write_bytes(private)
    (folder / "public.pem").write_bytes(key.public_key().public_bytes(pem, spki))
    db.create_all()
    create_db_admin("admin", "admin@example.org", sys.argv[2])


if __name__ == "__main__":
    main()
