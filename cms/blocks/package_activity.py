"""A package (H5P or SCORM) as a trainer puts it into a lesson: which one, what counts, and what is there for who cannot use it."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import BlockGroup

from courses.activities import h5p
from media.packages.telling import Tells, told_by

from .activity import ActivityBlock
from .packages import PackageChooserBlock

GROUP_CHECK = _("Checks")


class PackageBlock(ActivityBlock):
    kind = h5p.KIND
    question = blocks.TextBlock(
        label=_("What to do"),
        rows=2,
        help_text=_("One sentence above the package. Screen readers say it as the name of the package."),
    )
    package = PackageChooserBlock(label=_("Package"))
    text = blocks.TextBlock(
        label=_("What is in it, in words"),
        rows=4,
        required=False,
        default="",
        help_text=_("For who cannot see or hear it, and for who reads the lesson on paper."),
    )
    counts = blocks.ChoiceBlock(
        label=_("When it is done"),
        choices=list(h5p.COUNTS.items()),
        default=h5p.SCORE,
        help_text=_(
            "A package tells its own score, and nobody checks it: a certificate always needs a question of ours as well. "
            "Many packages for reading tell nothing; let the learner say it then."
        ),
    )
    pass_percent = blocks.IntegerBlock(
        label=_("Pass mark, in percent"), default=70, min_value=0, max_value=100, required=False
    )
    policy = blocks.ChoiceBlock(
        label=_("Which try trainers read first"), choices=list(h5p.POLICIES.items()), default=h5p.BEST
    )

    def get_form_layout(self) -> BlockGroup:
        """The other form stands in sight here: every package needs one."""
        settings = ["required", "policy"]
        return BlockGroup([name for name in self.child_blocks if name not in settings], settings=settings)

    def fields_of(self, value: Any) -> dict[str, Any]:
        return {**value, "package": self._in_short(value.get("package"))}

    def doubts(self, value: Any) -> Iterator[str]:
        """What a trainer should know before learners meet it, though it may be published: a sentence each."""
        package = value.get("package")
        version = package.current if package is not None else None
        if version is None:
            return
        if version.report.get("unfinished"):
            yield gettext(
                "“%(title)s” will probably not play: it was built for development. “Look at this package” says more."
            ) % {"title": package.title}
        counts, tells = value.get("counts"), told_by(version)
        by_score = counts == h5p.SCORE and (value.get("pass_percent") or 0) > 0
        if tells == Tells.NOTHING and counts != h5p.SEEN:
            yield gettext(
                "“%(title)s” tells nothing of how it went, so learners could only finish it by the other form. "
                "At “When it is done”, “%(better)s” fits."
            ) % {"title": package.title, "better": h5p.COUNTS[h5p.SEEN]}
        elif tells == Tells.END and by_score:
            yield gettext(
                "“%(title)s” tells no score, so learners could only finish it by the other form. "
                "At “When it is done”, “%(better)s” fits."
            ) % {"title": package.title, "better": h5p.COUNTS[h5p.FINISHED]}

    @staticmethod
    def _in_short(package: Any) -> dict[str, Any] | None:
        version = package.current if package is not None else None
        return version and {"key": package.pk, "version": version.pk, "number": version.number}

    class Meta:
        icon = "media"
        label = _("Package (H5P, SCORM)")
        group = GROUP_CHECK
        description = _("Interactive content made elsewhere: H5P, or SCORM from an authoring tool.")
        preview_value = {
            "required": True,
            "question": _("Try it yourself."),
            "package": None,
            "alternative": _("Read the page above."),
        }
