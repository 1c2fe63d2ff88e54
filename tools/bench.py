"""`make bench`: what the site costs, on SQLite and on a throw-away PostgreSQL 15: one line per figure.

Builds its own data, measures in-process (no network) and beside a plain view in the same run, so that figures of two
machines can be compared by their ratios. The same list stands in var/bench.json afterwards. What misses its goal is
marked SHORT. The parts are in tools/bench/.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.figures import Figure
from postgres import throwaway_cluster

ROOT = Path(__file__).resolve().parents[1]


def part(folder: Path, settings: dict[str, str], *arguments: str | Path) -> subprocess.Popen:
    """Start one step on one database, in a process of its own: Django knows one database at a time."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        **settings,
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "VAR_DIR": str(folder),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "tools"), str(ROOT)]),
        "PYTHONWARNINGS": "ignore",
    }
    command = [sys.executable, "-m", "bench", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def finish(*steps: subprocess.Popen) -> None:
    """Wait for steps. Raises `SystemExit` where one failed; its own output says why."""
    codes = [step.wait() for step in steps]
    if any(codes):
        sys.exit("The bench could not be finished; the lines above say why.")


def main() -> None:
    started = time.monotonic()
    found: list[dict] = []
    with tempfile.TemporaryDirectory(prefix="leerhuis-bench-") as place, throwaway_cluster() as url:
        databases = [
            ("SQLite", Path(place) / "sqlite", {}),
            ("PostgreSQL", Path(place) / "postgresql", {"DATABASE_URL": url}),
        ]
        for _name, folder, _settings in databases:
            folder.mkdir()
        finish(
            *(
                part(folder, settings, "prepare", folder / "keys.json")
                for _name, folder, settings in databases
            )
        )
        print(f"data made in {time.monotonic() - started:.0f} s", flush=True)
        for name, folder, settings in databases:
            finish(part(folder, settings, "measure", folder / "keys.json", folder / "figures.json"))
            print(f"\n{name}")
            for entry in json.loads((folder / "figures.json").read_text()):
                print(Figure(**entry))
                found.append({"database": name, **entry})
    out = ROOT / "var" / "bench.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(found, indent=1))
    print(f"\ndone in {time.monotonic() - started:.0f} s, written to {out.relative_to(ROOT)}")
    print(f"{len(found)} figures, {sum(entry['short'] for entry in found)} short")


if __name__ == "__main__":
    main()
