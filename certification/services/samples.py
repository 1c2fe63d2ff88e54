"""A paper as it would look: for who sets it up, and for trying it on validators. Nothing of it is in the database."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from certification import models
from certification.badges import Badge, build_credential, sign_credential
from certification.documents import Accreditation, Brand, Sheet, Signatory, render_sheet, sheet_of
from certification.documents.wording import Template
from certification.models import Award
from certification.queries import course_minutes, look_of
from certification.rules import freeze_accreditations, last_day
from certification.services.awards import signing
from certification.services.badges import address_of
from certification.services.papers import brand_of, signatures_of
from certification.signing import badge_key, signing_key
from certification.signing.pades import sign_pdf, timestamper_of_the_site

# Leads to the page that says that there is no such certificate.
NUMBER = "VOORBEELDVOORBEELDVOORBEEL"
NAMES = {
    "gewoon": "Sanne de Vries",
    "lang": "Anna-Maria Wilhelmina Johanna van den Heuvel-Ravensbergen de Groot-Koolhaas",
    "kort": "Bo",
    "schrift": "Nguyễn Thị Ánh Doğan-Şimşek",
}


def sample_sheet(
    *,
    now: datetime,
    provider: str = "",
    name: str = NAMES["gewoon"],
    template: Template = Template.CERTIFICATE,
    language: str = "nl",
    brand: Brand | None = None,
) -> Sheet:
    """A sheet with all that can be on one."""
    today = timezone.localdate(now)
    with translation.override(language):
        return Sheet(
            number=NUMBER,
            grouped_number=Award(public_id=NUMBER).grouped_id,
            address=address_of("proof", NUMBER),
            language=language,
            provider=provider or settings.ORGANISATION_NAME,
            holder_name=name,
            title=_("Sample of a course title"),
            started_on=today - timedelta(days=70),
            completed_on=today,
            issued_at=now,
            net_time=Award(net_minutes=335).net_time,
            attended_time=Award(attended_minutes=1350).attended_time,
            serial=_serial(today),
            template=template,
            valid_until=date(today.year + 5, today.month, 1),
            brand=brand or Brand(),
            signatories=(Signatory("Voornaam Achternaam", _("trainer")),),
            accreditations=(Accreditation("SKJ", "000000", Decimal(8), _("sample")),),
        )


def sheet_of_scheme(
    scheme: models.Scheme,
    *,
    signatories: Sequence[models.Signatory],
    language: str,
    name: str,
    now: datetime,
) -> Sheet:
    """What would be on the paper of a scheme, saved or not, by the way that an award's own paper goes.

    `signatories` come apart: those of a scheme that is not saved are in no table. Everything was met, so the minutes are
    all that the course has. Raises `PictureRefused` and `OSError` for a signature that cannot be drawn.
    """
    course, today = scheme.course, timezone.localdate(now)
    minutes = course_minutes(course)
    given = scheme.accreditations.select_related("register") if scheme.pk else ()
    award = Award(
        public_id=NUMBER,
        organisation=course.programme.organisation,
        serial_year=today.year,
        # Any but 0, which stands for no number; the sample's own is put in its place below.
        serial_number=1,
        paper=scheme.paper,
        neutral=scheme.neutral,
        title=course.titles.get(language, course.title),
        discreet_title=course.discreet_title,
        provider=settings.ORGANISATION_NAME,
        hours_label=course.hours_label,
        holder_name=name,
        net_minutes=minutes.net,
        attended_minutes=minutes.live,
        requirements=[{"kind": kind} for kind in scheme.requirements],
        started_on=today - timedelta(days=70),
        completed_on=today,
        issued_at=now,
        language=language,
        valid_until=last_day(scheme, today, None),
        signatories=signing(signatories),
        accreditations=freeze_accreditations(given, day=today, minutes=minutes.net + minutes.live),
    )
    brand = brand_of(look_of(course.programme.organisation_id))
    sheet = sheet_of(award, brand=brand, pictures=signatures_of(award))
    return replace(sheet, serial=_serial(today))


def preview(sheet: Sheet) -> bytes:
    """The sheet as a PDF without badge and signature."""
    return render_sheet(sheet)


def signed_sample(*, now: datetime) -> bytes:
    """A whole document, signed with the keys in use, of a certificate that does not exist. Raises `KeyProblem`."""
    key, badge_pair = signing_key(now=now), badge_key()
    sheet = sample_sheet(now=now)
    credential = sign_credential(
        build_credential(_badge(sheet)),
        private_pem=badge_pair.private_pem,
        public_pem=badge_pair.public_pem,
        created=now,
    )
    pdf = render_sheet(sheet, credential=json.dumps(credential, ensure_ascii=False))
    return sign_pdf(pdf, key=key, provider=sheet.provider, timestamper=timestamper_of_the_site())


def _serial(today: date) -> str:
    """A number that is never given out: those begin with 1."""
    return f"{today:%Y}-00000"


def _badge(sheet: Sheet) -> Badge:
    return Badge(
        address=sheet.address,
        provider=sheet.provider,
        site=settings.SITE_URL,
        subject_key="00000000-0000-4000-8000-000000000000",
        achievement_key="00000000-0000-4000-8000-000000000001",
        title=sheet.title,
        criteria=sheet.title,
        language=sheet.language,
        participation=False,
        holder_name=sheet.holder_name,
        salt="sample",
        started_on=sheet.started_on,
        completed_on=sheet.completed_on,
        issued_at=sheet.issued_at,
        valid_until=sheet.valid_until,
        # No list has the number 0.
        list_address=address_of("status_list", 0),
        index=0,
    )
