"""Packages made for tests: small ones that are right, and what is needed to spoil them."""

import json
import struct
import zlib

from media.packages.packing import pack

MAIN = "H5P.Vraag-1.2"


def as_json(value):
    return json.dumps(value).encode()


def needed(name, major=1, minor=0):
    return {"machineName": name, "majorVersion": major, "minorVersion": minor}


def library(name, major=1, minor=0, patch=0, *, needs=(), runnable=0, files=None, **fields):
    """A library's files by path. `needs` are names, or dependencies as `needed` makes them."""
    folder = f"{name}-{major}.{minor}"
    manifest = {
        "title": name.rpartition(".")[2],
        **needed(name, major, minor),
        "patchVersion": patch,
        "runnable": runnable,
        "preloadedJs": [{"path": "main.js"}],
        "preloadedDependencies": [needed(other) if isinstance(other, str) else other for other in needs],
    } | fields
    own = {"library.json": as_json(manifest), "main.js": f"/* {name} */".encode()} | (files or {})
    return {f"{folder}/{path}": content for path, content in own.items()}


def manifest(main="H5P.Vraag", major=1, minor=2, **fields):
    return {
        "title": "Een vraag",
        "language": "nl",
        "mainLibrary": main,
        "embedTypes": ["div"],
        "preloadedDependencies": [needed(main, major, minor)],
    } | fields


def files():
    """A package that is right: one runnable library, a part it needs, and a picture."""
    return {
        "h5p.json": as_json(manifest()),
        "content/content.json": as_json({"question": "Wat doe je?", "media": picture_at("images/a.png")}),
        "content/images/a.png": png(),
        **library("H5P.Vraag", 1, 2, 3, needs=["H5P.Deel"], runnable=1),
        **library("H5P.Deel"),
    }


def package(changed=None):
    """The right package with some files changed, added or (None) left out."""
    every = files() | (changed or {})
    return pack({path: content for path, content in every.items() if content is not None})


def content(parameters):
    return {"content/content.json": as_json(parameters)}


def picture_at(path, mime="image/png"):
    return {"path": path, "mime": mime, "width": 1, "height": 1}


def png(width=1, height=1, behind=b""):
    """A picture of that size, with something behind its end."""

    def chunk(kind, data):
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    header = struct.pack(">LLBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"") + behind


# What a second version of a package says.
OTHER = content({"question": "Een andere vraag?"})
