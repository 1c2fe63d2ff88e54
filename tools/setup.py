"""Sets the machine up: Python environment, Debian packages, browser assets. Each step is skipped where nothing changed.

Only the standard library: it runs before anything is installed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = ROOT / "var" / "stamps"

# Debian packages by the file that shows they are there.
RUNNING = {"libpango-1.0-0": "libpango-1.0.so.0", "libpangoft2-1.0-0": "libpangoft2-1.0.so.0"}
FONTS = {
    "fonts-noto-core": "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "fonts-noto-cjk": "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
}
TESTING = {
    "chromium-headless-shell": "/usr/bin/chromium-headless-shell",
    "postgresql-15": "/usr/lib/postgresql/15/bin/initdb",
    "poppler-utils": "/usr/bin/pdftoppm",
    "gettext": "/usr/bin/msgfmt",
}


class SetupFailed(Exception):
    """A step failed; the message is one clear line."""


def say(step: str) -> None:
    print(f"  {step}", flush=True)


def unchanged(name: str, sources: Iterable[Path], *, extra: str = "") -> bool:
    """Whether a step already ran for these files. Call `done` after it ran."""
    stamp = STAMPS / name
    return stamp.exists() and stamp.read_text() == digest(sources, extra)


def done(name: str, sources: Iterable[Path], *, extra: str = "") -> None:
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / name).write_text(digest(sources, extra))


def digest(sources: Iterable[Path], extra: str = "") -> str:
    """Over paths and contents; folders are read whole."""
    total = hashlib.sha256(extra.encode())
    for source in sorted(sources):
        files = sorted(path for path in source.rglob("*") if path.is_file()) if source.is_dir() else [source]
        for path in files:
            total.update(str(path.relative_to(ROOT)).encode())
            total.update(path.read_bytes())
    return total.hexdigest()


def run(*command: str | Path, failure: str, env: dict[str, str] | None = None) -> None:
    """Run a command quietly; on failure show the end of what it said, and one line that says what to do."""
    finished = subprocess.run(
        [str(part) for part in command], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    if finished.returncode:
        tail = "\n".join((finished.stdout + finished.stderr).strip().splitlines()[-12:])
        raise SetupFailed(f"{tail}\n{failure}")


def python_environment(*, testing: bool) -> None:
    requirements = ROOT / ("requirements-dev.txt" if testing else "requirements.txt")
    if not testing and unchanged("python", [ROOT / "requirements-dev.txt"]) and PYTHON.exists():
        return  # what the tests need includes what running needs
    if unchanged("python", [requirements]) and PYTHON.exists():
        return
    say("Python packages")
    if sys.version_info < (3, 11):
        raise SetupFailed("Python 3.11 or newer is needed.")
    offline = "The packages could not be fetched. Is there a network connection? Then run the command again."
    if not PYTHON.exists():
        run(
            sys.executable,
            "-m",
            "venv",
            VENV,
            failure="No environment could be made. On Debian: apt-get install python3-venv",
        )
    if not (VENV / "bin" / "uv").exists():
        run(PYTHON, "-m", "pip", "install", "-q", "uv", failure=offline)
    run(
        VENV / "bin" / "uv",
        "pip",
        "sync",
        "-q",
        "--require-hashes",
        "--python",
        PYTHON,
        requirements,
        failure=offline,
    )
    # The lock file for running does not hold uv itself; leave it where it was for the next change.
    if not (VENV / "bin" / "uv").exists():
        run(PYTHON, "-m", "pip", "install", "-q", "uv", failure=offline)
    done("python", [requirements])


def debian_packages(*, testing: bool) -> None:
    wanted = {**RUNNING, **FONTS, **(TESTING if testing else {})}
    missing = [package for package, shown_by in wanted.items() if not present(shown_by)]
    optional = set(FONTS)
    if not missing:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"Debian packages: {', '.join(missing)}")
        offline = f"The packages could not be installed. Try: apt-get install {' '.join(missing)}"
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        run("apt-get", "update", "-qq", failure=offline)
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing, failure=offline)
        return
    needed = [package for package in missing if package not in optional]
    if needed:
        raise SetupFailed(
            f"Some programs are missing. Install them as root: apt-get install {' '.join(needed)}"
        )
    say(f"for names in other scripts on certificates, install as root: apt-get install {' '.join(missing)}")


def present(shown_by: str) -> bool:
    if shown_by.startswith("/"):
        return Path(shown_by).exists()
    listed = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=False).stdout
    return shown_by in listed


def browser_assets() -> None:
    packages = [ROOT / "package.json", ROOT / "package-lock.json"]
    sources = [*packages, ROOT / "tools" / "build_assets.mjs", ROOT / "cms" / "theme"]
    if unchanged("assets", sources) and (ROOT / "build" / "static").exists():
        return
    say("Browser assets")
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise SetupFailed(
                f"{program} is missing. Install Node.js 20 or newer; on Debian: apt-get install nodejs npm"
            )
    if not (unchanged("npm", packages) and (ROOT / "node_modules").exists()):
        run(
            "npm",
            "ci",
            "--silent",
            failure="The browser assets could not be fetched. Is there a network connection?",
        )
        done("npm", packages)
    run("node", "tools/build_assets.mjs", failure="The browser assets could not be built.")
    done("assets", sources)


def translations() -> None:
    """Compile the catalogues, with a library: no gettext is needed to run the site."""
    sources = list((ROOT / "locale").rglob("*.po"))
    if not sources or (
        unchanged("locale", sources) and all(po.with_suffix(".mo").exists() for po in sources)
    ):
        return
    say("Translations")
    for po in sources:
        run(PYTHON, ROOT / "tools" / "compile_catalogue.py", po, failure=f"{po} could not be compiled.")
    done("locale", sources)


def everything(*, testing: bool = False) -> None:
    started = time.monotonic()
    debian_packages(testing=testing)
    python_environment(testing=testing)
    browser_assets()
    translations()
    if time.monotonic() - started > 1:
        say(f"set up in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    try:
        everything(testing="--testing" in sys.argv)
    except SetupFailed as failed:
        sys.exit(str(failed))
