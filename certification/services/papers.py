"""One paper from its award: typeset, with the badge inside, signed. Writes the badge's place and the keys' names only.

Nothing is half issued: what fails here leaves an award whose paper waits.
"""

import json
from datetime import datetime

from django.core.files.storage import storages

from certification.documents import Brand, render_sheet, sheet_of
from certification.models import Award, Mark
from certification.pictures import SIGNATURE, drawn_anew
from certification.services.badges import issue_badge
from certification.services.keys import document_key_for_use
from certification.signing.pades import sign_pdf, timestamper_of_the_site


def make_paper(*, award: Award, mark: Mark | None, now: datetime) -> bytes:
    """The signed PDF of an award. Raises `KeyProblem`, `DocumentError`, `PictureRefused`, `OSError`.

    Keys come first: without them there is nothing to typeset.
    """
    key = document_key_for_use(now=now)
    credential = issue_badge(award=award, now=now)
    sheet = sheet_of(award, brand=brand_of(mark), pictures=signatures_of(award))
    unsigned = render_sheet(sheet, credential=json.dumps(credential, ensure_ascii=False, sort_keys=True))
    return sign_pdf(unsigned, key=key, provider=award.provider, timestamper=timestamper_of_the_site())


def brand_of(mark: Mark | None) -> Brand:
    """An organisation's look as the sheet takes it."""
    return Brand(mark.action, mark.warm, bytes(mark.logo) or None) if mark else Brand()


def signatures_of(award: Award) -> dict[str, bytes]:
    """The pictures of who signs an award, by file name. Raises `PictureRefused`, `OSError`."""
    names = {each["image"] for each in award.signatories if each["image"]}
    return {name: drawn_anew(_file(name), within=SIGNATURE) for name in sorted(names)}


def _file(name: str) -> bytes:
    with storages["private"].open(name) as file:
        return file.read()
