"""What certificates hold about people. Erased before the record they rest on: see the order of the floors."""

from certification.services.erasure import erase_awards, erase_documents
from people import privacy
from people.privacy import Holding, Personal

CERTIFIED = "as long as the certificate can be shown; the register's term"

privacy.declare(
    Holding(
        model="certification.Document",
        person="award__holder",
        fields={
            "file_name": Personal("finding the PDF again", CERTIFIED, "deleted", export=False),
            "sha256": Personal("telling a changed PDF from ours", CERTIFIED, "deleted"),
            "size": Personal("how large the PDF is", CERTIFIED, "deleted"),
            "rendered_at": Personal("when the PDF was made", CERTIFIED, "deleted"),
        },
        plain={"id", "award", "state", "attempts", "due_at", "lease_until", "task_id", "last_error"},
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
            "evidence": Personal("which answers it rests on, as ids and scores", CERTIFIED, "pseudonymised"),
            "status": Personal("whether it counts", CERTIFIED, "kept"),
            "revoked_at": Personal("since when it does not count", CERTIFIED, "kept"),
        },
        plain={
            "id",
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
