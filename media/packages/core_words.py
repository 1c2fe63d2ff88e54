"""What H5P's core says by itself, in the reader's language. Content types bring their own words in the package."""

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    return {
        "fullscreen": _("Full screen"),
        "disableFullscreen": _("Leave full screen"),
        "close": _("Close"),
        "cancelLabel": _("Cancel"),
        "confirmLabel": _("Yes"),
        "confirmDialogHeader": _("Are you sure?"),
        "confirmDialogBody": _("Please confirm. This cannot be undone."),
        "contentChanged": _("This was changed since you were here."),
        "startingOver": _("You begin anew."),
        "copyrightInformation": _("Who made this, and how it may be used"),
        "contentCopied": _("Copied"),
        # Core's own queue for a lost connection sends nothing here; it asks for these words when it starts.
        **dict.fromkeys(
            (
                "offlineDialogHeader",
                "offlineDialogBody",
                "offlineDialogRetryButtonLabel",
                "offlineDialogRetryMessage",
                "offlineSuccessfulSubmit",
            ),
            "",
        ),
    }
