"""The HTML of a certificate. It says nothing about today, so that it is the same each time."""

from __future__ import annotations

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from vaern.certificates.models import Certificate


def certificate_html(certificate: Certificate) -> str:
    """Return the page that becomes the PDF, in the language that was booked in."""
    with override(certificate.language):
        address = verify_address(certificate)
        return render_to_string(
            "certificates/pdf.html",
            {
                "certificate": certificate,
                "language": certificate.language,
                "address": address,
                "qr": segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=2),
            },
        )


def verify_address(certificate: Certificate) -> str:
    """Return where anyone can look the certificate up."""
    return settings.VAERN_BASE_URL + reverse("certificates:verify", kwargs={"code": certificate.shown_code})
