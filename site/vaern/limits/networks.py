"""Which network a request comes from."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

# A household or a school has a whole /64 of IPv6, and can take another address of it for every request.
IPV6_PREFIX = 64
UNKNOWN = "unknown"


def network_of(request: HttpRequest) -> str:
    """Return the visitor's IPv4 address or IPv6 /64 network.

    Behind TRUSTED_PROXIES proxies it is the address that the outermost of them wrote; what a visitor writes into the
    header further left is not believed. All of whom nothing is known are one network: nobody gets past by hiding.
    """
    return canonical(_address(request))


def canonical(written: str) -> str:
    """Return an address as the network it is counted as."""
    try:
        address = ipaddress.ip_address(written.strip().partition("%")[0])
    except ValueError:
        return UNKNOWN
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False))


def _address(request: HttpRequest) -> str:
    proxies: int = settings.VAERN_TRUSTED_PROXIES
    if proxies:
        hops = [hop for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        if len(hops) >= proxies:
            return str(hops[-proxies])
    return str(request.META.get("REMOTE_ADDR", ""))
