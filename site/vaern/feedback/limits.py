"""How many answers one network may send: counted in the cache under a hash with a salt of the day.

Nobody can turn the hash back, and tomorrow it is another one. When the cache fails nothing is accepted.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import logging
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

log = logging.getLogger("vaern.feedback")

ANSWERS = 10
PERIOD = 60 * 60


def network_of(request: HttpRequest) -> str:
    """Return the network that a request comes from: a whole IPv4 address, or the first 64 bits of an IPv6 one."""
    raw = request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(raw.split("%")[0])
    except ValueError:
        return "unknown"
    if address.version == 4:
        return str(address)
    mapped = address.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((address, 64), strict=False).network_address)


def key_of(network: str) -> str:
    """Return the counter's key for this hour: a keyed hash with the day in it."""
    said = f"{timezone.localdate().isoformat()}|{network}".encode()
    digest = hmac.new(settings.SECRET_KEY.encode(), b"vaern.feedback|" + said, hashlib.sha256).hexdigest()
    return f"feedback:{int(time.time()) // PERIOD}:{digest}"


def may_answer(network: str) -> bool:
    """Count an answer, and say whether it is one of the first ten of the hour. Nobody counted is nobody admitted."""
    key = key_of(network)
    try:
        cache.add(key, 0, PERIOD)
        return cache.incr(key) <= ANSWERS
    except Exception as error:  # noqa: BLE001 - whatever a cache backend raises, the door stays shut
        log.error("feedback cannot be counted", extra={"error": type(error).__name__})
        return False
