"""Certificates: what ours cost beside WeasyPrint alone on the same HTML."""

import statistics
import time
from collections.abc import Callable

from django.utils import timezone
from weasyprint import HTML

from certification import documents as ours
from certification.models import Award, Document
from certification.services.documents import produce

from .figures import Figure, at_least, shown

TIMES = 7


def figures() -> list[Figure]:
    """Raw and whole in turn, so that what disturbs one disturbs both. The whole: lease, HTML, PDF, file, message."""
    award = Award.objects.select_related("document").first()
    html = ours.certificate_html(award)

    def raw() -> None:
        fetcher, fonts, sheet = ours._setting()
        identifier = award.public_id.encode()
        HTML(string=html, url_fetcher=fetcher).write_pdf(
            stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1", pdf_identifier=identifier
        )

    def whole() -> None:
        Document.objects.filter(award=award).update(state=Document.State.WAITING, attempts=0)
        assert produce(award_id=award.pk, now=timezone.now())

    raw(), whole()
    times = [(milliseconds(raw), milliseconds(whole)) for _time in range(TIMES)]
    alone = statistics.median(time for time, _whole in times)
    together = statistics.median(time for _raw, time in times)
    return [
        shown("certificate: WeasyPrint alone", alone, "ms"),
        shown("certificate: whole", together, "ms"),
        at_least("certificate: share of WeasyPrint's rate", 100 * alone / together, "%", 80),
    ]


def milliseconds(work: Callable[[], None]) -> float:
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000
