"""What certificates hold about people. Erased before the record they rest on: see the order of the floors."""

from certification.services.erasure import erase_awards, erase_bundles, erase_documents
from people import privacy
from people.privacy import Holding, Personal

CERTIFIED = "as long as the certificate can be shown; the register's term"
A_YEAR = "12 months"

privacy.declare(
    Holding(
        model="certification.Bundle",
        person="awards__holder",
        fields={
            "awards": Personal(
                "whose PDFs are in a coordinator's zip file", "3 days", "deleted", export=False
            ),
            "asked_at": Personal("since when one's PDF is in it", "3 days", "deleted"),
            "file_name": Personal("finding that file again", "3 days", "deleted", export=False),
        },
        plain={
            "id",
            "batch",
            "language",
            "state",
            "reason",
            "attempts",
            "lease_until",
            "task_id",
            "size",
            "expires_at",
        },
        erase=erase_bundles,
    ),
    Holding(
        model="certification.BatchLine",
        person="enrolment__learner",
        fields={
            "enrolment": Personal("who is to be given a certificate together with others", A_YEAR, "cleared"),
            "state": Personal("whether it was given", A_YEAR, "kept"),
            "reason": Personal("why it was not", A_YEAR, "kept"),
        },
        plain={"id", "batch", "award", "task_id"},
    ),
    Holding(
        model="certification.Batch",
        person="by",
        fields={"by": Personal("who gave certificates to many at once", A_YEAR, "cleared", export=False)},
        plain={"id", "organisation", "course", "cohort", "begun_at", "paused_at"},
    ),
    Holding(
        model="certification.RegisterNumber",
        person="user",
        fields={
            "user": Personal("whom a register knows by it", "the account", "deleted"),
            "register": Personal("which register they are in", "the account", "deleted"),
            "number": Personal("telling a register whose points they are", "the account", "deleted"),
            "period_from": Personal("counting the points of their period", "the account", "deleted"),
        },
        plain={"id"},
    ),
    Holding(
        model="certification.SignOff",
        person="enrolment__learner",
        fields={
            "enrolment": Personal("who is ready", "course + 2 years", "deleted"),
            "at": Personal("since when", "course + 2 years", "deleted"),
        },
        plain={"id"},
    ),
    Holding(
        model="certification.SignOff",
        person="by",
        fields={"by": Personal("which trainer said so", "course + 2 years", "cleared")},
    ),
    Holding(
        model="certification.AwardAccess",
        person="award__holder",
        fields={
            "what": Personal("that they can see who opened their certificate", A_YEAR, "kept"),
            "at": Personal("when that was", A_YEAR, "kept"),
        },
        plain={"id", "award"},
    ),
    Holding(
        model="certification.AwardAccess",
        person="by",
        fields={"by": Personal("who opened a certificate", A_YEAR, "cleared", export=False)},
    ),
    Holding(
        model="certification.AwardEvent",
        person="award__holder",
        fields={
            "kind": Personal("what happened to a certificate", CERTIFIED, "kept"),
            "at": Personal("when that was", CERTIFIED, "kept"),
            "reason": Personal("why; may say the name that was wrong", CERTIFIED, "cleared"),
        },
        plain={"id", "award"},
    ),
    Holding(
        model="certification.AwardEvent",
        person="by",
        fields={"by": Personal("who answers for it", CERTIFIED, "cleared")},
    ),
    Holding(
        model="certification.Points",
        person="award__holder",
        fields={
            "register": Personal("for which register points count", CERTIFIED, "kept"),
            "points": Personal("study points that registers ask for", CERTIFIED, "kept"),
            "category": Personal("study points that registers ask for", CERTIFIED, "kept"),
            "minutes": Personal("study time that registers ask for", CERTIFIED, "kept"),
            "earned_on": Personal("in which period they count", CERTIFIED, "kept"),
        },
        plain={"id", "award", "accreditation", "accreditation_number"},
    ),
    Holding(
        model="certification.ShareLink",
        person="award__holder",
        fields={
            "token": Personal("the address at which somebody may read the name", CERTIFIED, "deleted"),
            "created_at": Personal("since when", CERTIFIED, "deleted"),
            "expires_at": Personal("until when", CERTIFIED, "deleted"),
            "award": Personal("of which certificate", CERTIFIED, "deleted"),
        },
        plain={"id"},
    ),
    Holding(
        model="certification.BadgeStatus",
        person="award__holder",
        fields={"index": Personal("saying whether the badge still counts", CERTIFIED, "kept")},
        plain={"id", "award", "status_list"},
    ),
    Holding(
        model="certification.Document",
        person="award__holder",
        fields={
            "file_name": Personal("finding the PDF again", CERTIFIED, "deleted", export=False),
            "sha256": Personal("telling a changed PDF from ours", CERTIFIED, "deleted"),
            "size": Personal("how large the PDF is", CERTIFIED, "deleted"),
            "rendered_at": Personal("when the PDF was made", CERTIFIED, "deleted"),
        },
        plain={
            "id",
            "award",
            "state",
            "attempts",
            "due_at",
            "lease_until",
            "task_id",
            "last_error",
            "looked_at",
            "mark",
        },
        erase=erase_documents,
    ),
    Holding(
        model="certification.Award",
        person="holder",
        fields={
            "holder": Personal("whose certificate it is", CERTIFIED, "cleared"),
            "enrolment": Personal("the course record it rests on", CERTIFIED, "cleared"),
            "holder_name": Personal("the name on the certificate", CERTIFIED, "cleared"),
            "name_visible": Personal(
                "whether strangers with the number may read the name", CERTIFIED, "cleared"
            ),
            "salt": Personal(
                "keeps the digest of the name from being guessed", CERTIFIED, "cleared", export=False
            ),
            "name_hmac": Personal("says nothing once the salt is gone", CERTIFIED, "kept", export=False),
            "public_id": Personal("the number by which the certificate is verified", CERTIFIED, "kept"),
            "subject_key": Personal("counts a person once, without saying who", CERTIFIED, "kept"),
            "title": Personal("what was completed", CERTIFIED, "kept"),
            "started_on": Personal("when it was begun", CERTIFIED, "kept"),
            "completed_on": Personal("when it was completed", CERTIFIED, "kept"),
            "issued_at": Personal("when it was certified", CERTIFIED, "kept"),
            "net_minutes": Personal("study time that registers ask for", CERTIFIED, "kept"),
            "serial_year": Personal("the number that is read out", CERTIFIED, "kept"),
            "serial_number": Personal("the number that is read out", CERTIFIED, "kept"),
            "attended_minutes": Personal("time attended that registers ask for", CERTIFIED, "kept"),
            "requirements": Personal("which requirements it rests on, in numbers", CERTIFIED, "kept"),
            "valid_until": Personal("until when it counts", CERTIFIED, "kept"),
            "replaces": Personal("which certificate it corrects", CERTIFIED, "kept"),
            "replaced_at": Personal("when it was corrected", CERTIFIED, "kept"),
            "way": Personal("what it was earned by", CERTIFIED, "kept"),
            "renews": Personal("which certificate it renews", CERTIFIED, "kept"),
            "evidence": Personal("which answers it rests on, as ids and scores", CERTIFIED, "pseudonymised"),
            "status": Personal("whether it counts", CERTIFIED, "kept"),
            "revoked_at": Personal("since when it does not count", CERTIFIED, "kept"),
        },
        plain={
            "id",
            "organisation",
            "scheme",
            "paper",
            "accreditations",
            "signatories",
            "course_key",
            "course_version",
            "discreet_title",
            "neutral",
            "provider",
            "hours_label",
            "language",
            "erased_at",
        },
        erase=erase_awards,
    ),
)

privacy.declare_impersonal(
    "certification.Accreditation",
    "certification.Edition",
    "certification.Register",
    "certification.Scheme",
    "certification.SerialCounter",
    reason="what a course asks, and under which numbers",
)
privacy.declare_impersonal(
    "certification.Signatory",
    reason="who signs in public for an organisation; on every paper, and no account",
)
privacy.declare_impersonal(
    "certification.IssuerKey",
    "certification.Mark",
    "certification.StatusList",
    reason="what an organisation issues with",
)
