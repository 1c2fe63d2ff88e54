"""Certificates: what ours cost beside WeasyPrint alone on the same HTML, and what many of them leave in memory."""

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from django.utils import timezone
from weasyprint import HTML

from certification.documents import render_sheet, sheet_html, sheet_of
from certification.documents.assets import setting
from certification.documents.typesetting import VARIANT
from certification.models import Award, Document
from certification.services.documents import produce
from certification.services.papers import make_paper

from .figures import Figure, at_least, at_most, shown

TIMES = 9
# The memory grows in the first fifty and stays then. `BENCH_DOCUMENTS=100` looks less long.
WARM = 50
MANY = max(int(os.environ.get("BENCH_DOCUMENTS", "1000")), 2 * WARM)


def figures() -> list[Figure]:
    """In turn, so that what disturbs one disturbs all. Whole: lease, HTML, badge, PDF, signature, file, message."""
    award = Award.objects.select_related("document").first()
    html = sheet_html(sheet_of(award))

    def raw() -> None:
        fetcher, fonts, sheet = setting()
        identifier = award.public_id.encode()
        HTML(string=html, url_fetcher=fetcher).write_pdf(
            stylesheets=[sheet], font_config=fonts, pdf_variant=VARIANT, pdf_identifier=identifier
        )

    def unsigned() -> None:
        render_sheet(sheet_of(award))

    def whole() -> None:
        Document.objects.filter(award=award).update(state=Document.State.WAITING, attempts=0)
        assert produce(award_id=award.pk, now=timezone.now())

    works = (raw, unsigned, whole)
    for work in works:
        work()
    times = [[milliseconds(work) for work in works] for _time in range(TIMES)]
    alone, typeset, together = (statistics.median(column) for column in zip(*times, strict=True))
    return [
        shown("certificate: WeasyPrint alone", alone, "ms"),
        shown("certificate: typeset", typeset, "ms"),
        shown("certificate: signed, with badge, file and message", together, "ms"),
        at_least("certificate: share of WeasyPrint's rate, typeset", 100 * alone / typeset, "%", 80),
        at_most("certificate: signed with badge, times WeasyPrint", together / alone, "x", 2),
        at_most(f"certificate: memory after {WARM} to {MANY}", growth(award), "MiB", 10),
    ]


def growth(award: Award) -> float:
    """How much larger the process is after many documents than after the first fifty (MiB)."""
    now = timezone.now()
    for _document in range(WARM):
        make_paper(award=award, mark=None, now=now)
    before = resident()
    for _document in range(MANY - WARM):
        make_paper(award=award, mark=None, now=now)
    return resident() - before


def resident() -> float:
    """MiB of memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def milliseconds(work: Callable[[], None]) -> float:
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000
