"""Recordings and documents that tests use: small real files, made by tests/files/make.sh."""

from pathlib import Path

from media.services.recordings import add_document, add_recording, inspected_document, inspected_recording

FILES = Path(__file__).with_name("files")
TRANSCRIPT = "Mirjam: Hoe is het nu met u?\nKemal: Het gaat wel."
CAPTIONS = (FILES / "gesprek.vtt").read_text(encoding="utf-8")


def make_recording(
    name="gesprek.webm", *, title="Gesprek in de bus", captions=CAPTIONS, transcript=TRANSCRIPT, **more
):
    path = FILES / name
    kind = "video" if path.suffix in {".webm", ".mp4"} else "audio"
    with path.open("rb") as file:
        found = inspected_recording(file=file, name=name, size=path.stat().st_size, kind=kind)
        values = {
            "language": "nl",
            "duration": found.duration,
            "captions": captions,
            "transcript": transcript,
            **more,
        }
        return add_recording(file=file, found=found, kind=kind, title=title, **values)


def make_document(name="blad.pdf", *, title="Steunkaart", **more):
    path = FILES / name
    with path.open("rb") as file:
        found = inspected_document(file=file, name=name, size=path.stat().st_size)
        return add_document(file=file, found=found, title=title, **more)


def file_for(kind):
    """The field of a kind's block that holds a file, and a file that fits."""
    if kind == "video":
        return {"recording": make_recording().pk}
    if kind == "audio":
        return {"recording": make_recording("rust.mp3", title="Rust", captions="").pk}
    return {"document": make_document().pk} if kind == "download" else {}
