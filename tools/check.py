"""`make check`: the gate. Runs every check, shows what fails, and fails if any did."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from setup import PYTHON, ROOT, VENV

BIN = VENV / "bin"
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "only-for-this-check-" + "x7Qm2" * 10,
    "RECORD_KEY": "only-for-this-check",
    "REFLECTION_KEYS": "only-for-this-check",
    "SIGNING_KEY_PASSPHRASE": "only-for-this-check",
    "BADGE_KEY_PASSPHRASE": "only-for-this-check",
    "ALLOWED_HOSTS": "leerhuis.example",
    "SITE_URL": "https://leerhuis.example",
    "EMAIL_URL": "smtp://localhost:25",
}
KEYS = {"SIGNING_KEY_FILE": "signing_key.p12", "BADGE_KEY_FILE": "badge_key.pem"}
MAKE_KEYS = """
import pathlib, sys
from certification.signing.demo import make_badge_key, make_signing_key
for make, name in ((make_signing_key, "signing_key.p12"), (make_badge_key, "badge_key.pem")):
    make(pathlib.Path(sys.argv[1]) / name, passphrase=b"only-for-this-check", organisation="Leerhuis")
"""
TEMPLATES = ("cms", "people", "portal", "certification", "media", "meetings")
TEST = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
CHECKS = [
    ("ruff", [BIN / "ruff", "check", "."], {}),
    ("ruff format", [BIN / "ruff", "format", "--check", "."], {}),
    ("djlint", [BIN / "djlint", "--lint", "--quiet", *TEMPLATES], {}),
    ("layers", [BIN / "lint-imports", "--no-cache"], TEST),
    ("dependencies", [BIN / "deptry", "."], {}),
    ("migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"], TEST),
    ("check --deploy", [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
]


def main() -> int:
    failed = []
    with tempfile.TemporaryDirectory(prefix="leerhuis-check-") as folder:
        subprocess.run([str(PYTHON), "-c", MAKE_KEYS, folder], cwd=ROOT, check=True)
        keys = {setting: str(Path(folder) / name) for setting, name in KEYS.items()}
        for name, command, settings in CHECKS:
            started = time.monotonic()
            environment = {**os.environ, "VAR_DIR": folder, "PYTHONWARNINGS": "ignore", **keys, **settings}
            finished = subprocess.run(
                [str(part) for part in command],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            state = "ok" if finished.returncode == 0 else "FAILED"
            print(f"{name:16} {state:7} {time.monotonic() - started:5.1f} s", flush=True)
            if finished.returncode:
                failed.append(name)
                print((finished.stdout + finished.stderr).strip()[-6000:], flush=True)
    if failed:
        print(f"\n{len(failed)} of {len(CHECKS)} failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
