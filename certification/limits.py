"""How often a stranger may ask. Counted in the cache; several processes need a shared one to count together."""

import hashlib
import hmac
import ipaddress

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

WINDOW = 60  # seconds


def within_limit(request: HttpRequest, *, action: str, most: int) -> bool:
    """Count this request; False where more than `most` came from this address within a minute.

    A household or an office is one address: IPv6 counts by its /64. The address itself is not kept.
    """
    origin = hmac.new(settings.SECRET_KEY.encode(), _network(request).encode(), hashlib.sha256).hexdigest()[
        :32
    ]
    key = f"certification:{action}:{origin}"
    cache.add(key, 0, WINDOW)
    try:
        return cache.incr(key) <= most
    except ValueError:  # it ran out between the two
        return True


def _network(request: HttpRequest) -> str:
    address = get_adapter().get_client_ip(request)
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return str(address)
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)
