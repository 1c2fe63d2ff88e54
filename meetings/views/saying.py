"""What several screens say."""

from django.utils.translation import gettext as _

from meetings.services.places import Host, has_room


def of_lost_offer(host: Host) -> str:
    """To who was too late for a place that was kept for them."""
    if has_room(host):
        return _("This place was kept until a while ago; it is still free.")
    return _("This place was kept until a while ago; by now somebody else has it.")
