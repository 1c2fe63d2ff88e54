"""Places in packages on a bad connection: the page's own code in node, with a network that fails."""

import json
import subprocess

import pytest
from django.conf import settings

THREE = [["a", "1"], ["b", "2"], ["c", "3"]]
LOST, DOWN, REFUSED, BEHIND = "lost", 503, 422, 409
# What is kept, what becomes of the requests one by one, and what has arrived after two rounds: part, place, revision.
CASES = {
    "all arrive": ({"answers": []}, [["a", "1", 1], ["b", "2", 1], ["c", "3", 1]], []),
    "the line breaks at the first": (
        {"answers": [LOST]},
        [["a", "1", 2], ["b", "2", 1], ["c", "3", 1]],
        ["unsent"],
    ),
    "the line breaks half-way": (
        {"answers": [204, LOST]},
        [["a", "1", 1], ["b", "2", 2], ["c", "3", 1]],
        ["unsent"],
    ),
    "the server is down": (
        {"answers": [204, DOWN]},
        [["a", "1", 1], ["b", "2", 2], ["c", "3", 1]],
        ["unsent"],
    ),
    "a newer place came meanwhile": (
        {"answers": [LOST], "meanwhile": [["a", "9"]]},
        [["a", "9", 2], ["b", "2", 1], ["c", "3", 1]],
        ["unsent"],
    ),
    "one is refused": ({"answers": [204, REFUSED]}, [["a", "1", 1], ["c", "3", 1]], ["refused"]),
    "another tab is ahead": ({"answers": [204, BEHIND]}, [["a", "1", 1]], ["lagging"]),
}


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """The answers of one run of node to all cases, by name."""
    base = settings.BASE_DIR
    script = tmp_path_factory.mktemp("sender") / "sender.mjs"
    subprocess.run(
        [
            base / "node_modules/.bin/esbuild",
            base / "tests/cms/package_sender.mjs",
            "--bundle",
            "--platform=node",
            "--format=esm",
            "--log-level=error",
            f"--outfile={script}",
        ],
        check=True,
        cwd=base,
    )
    lines = "".join(
        json.dumps({"places": THREE, "rounds": 2, **case}) + "\n" for case, *_came in CASES.values()
    )
    run = subprocess.run(["node", script], input=lines, capture_output=True, text=True, check=True)
    return dict(zip(CASES, map(json.loads, run.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_every_place_arrives_that_can(sent, name):
    _case, arrived, notes = CASES[name]
    assert (sent[name]["arrived"], sent[name]["notes"]) == (arrived, notes)
