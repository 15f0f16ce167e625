"""The test settings, with a bare view to measure beside the real one; static files and pages as in production."""

from vaern.settings.test import *  # noqa: F403

ROOT_URLCONF = "booking_bench_urls"
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = False
VAERN_PAGE_CACHE = True
