"""The pages around the programmes: home, catalogue and standard pages, in content/site."""

from pathlib import Path

from cms.programmes.errors import ProgrammeErrors
from cms.programmes.front_matter import Fields
from cms.programmes.listing import Reading, read_body
from cms.programmes.messages import Message
from cms.programmes.notation import Door, HomeText, PageText, SiteText, TitledText
from cms.programmes.source import MAX_PROSE


def read_site(folder: Path) -> SiteText:
    """Read the site's own pages.

    Raises ProgrammeErrors with every error of the folder; then nothing is returned.
    """
    reading = Reading(folder)
    entries = reading.list_entries(folder)
    if reading.errors:
        raise ProgrammeErrors(reading.errors)
    slugs: dict[str, str] = {}
    home = _read_home(reading, folder / "home.md")
    catalogue = _read_page(reading, folder / "catalogue.md", slugs, body_required=False)
    pages: list[PageText | None] = []
    for path in entries:
        if path.suffix != ".md":
            reading.report(
                path, Message("This does not belong here. The site's folder holds .md files only.")
            )
        elif path.name not in {"home.md", "catalogue.md"}:
            pages.append(_read_page(reading, path, slugs, body_required=True))
    if reading.errors or home is None or catalogue is None:
        raise ProgrammeErrors(reading.errors)
    return SiteText(home=home, catalogue=catalogue, pages=tuple(page for page in pages if page))


def _read_home(reading: Reading, path: Path) -> HomeText | None:
    opened = reading.open(path)
    if opened is None:
        return None
    source, fields, body_line = opened
    home = HomeText(
        path=source.path,
        key=reading.claim_key(source, fields.key("key")),
        title=fields.text("title"),
        lead=fields.text("lead", limit=MAX_PROSE),
        doors=fields.records("doors", _read_door),
        steps_title=fields.text("steps_title"),
        steps=fields.records("steps", _read_titled_text),
        promises_title=fields.text("promises_title"),
        promises=fields.records("promises", _read_titled_text),
    )
    fields.finish()
    for number, line in enumerate(source.lines[body_line - 1 :], start=body_line):
        if line.strip():
            source.report(
                number, Message("The home page shows its fields only. Move this text into a field.")
            )
            break
    return home


def _read_page(
    reading: Reading, path: Path, slugs: dict[str, str], *, body_required: bool
) -> PageText | None:
    opened = reading.open(path)
    if opened is None:
        return None
    source, fields, body_line = opened
    slug_line = fields.line_of_field("slug")
    page = PageText(
        path=source.path,
        key=reading.claim_key(source, fields.key("key")),
        slug=fields.key("slug"),
        title=fields.text("title"),
        lead=fields.text("lead", limit=MAX_PROSE),
        body=read_body(source, body_line),
    )
    fields.finish()
    if page.slug in slugs:
        source.report(
            slug_line,
            Message(
                "The slug '%(slug)s' is used in %(path)s already. Choose another.",
                slug=page.slug,
                path=slugs[page.slug],
            ),
        )
    slugs[page.slug] = source.path
    if body_required and not page.body.html.strip():
        source.report(body_line, Message("This page is empty. Write its text."))
    return page


def _read_door(fields: Fields) -> Door:
    return Door(
        title=fields.text("title"),
        text=fields.text("text", limit=MAX_PROSE),
        small=fields.text("small", required=False),
        course=fields.key("course"),
    )


def _read_titled_text(fields: Fields) -> TitledText:
    return TitledText(title=fields.text("title"), text=fields.text("text", limit=MAX_PROSE))
