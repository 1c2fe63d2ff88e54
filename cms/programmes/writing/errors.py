"""Why something cannot be written as text."""


class CannotBeWritten(ValueError):
    """What Wagtail holds cannot be said in the format. The message says what to change in the editor."""
