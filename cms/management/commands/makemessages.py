from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Django's own; it also finds the sentences of the programmes' reader, which knows no Django."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=Message"]
