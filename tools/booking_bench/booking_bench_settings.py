"""The test settings, with a bare view to measure beside the real one."""

from vaern.settings.test import *  # noqa: F403

ROOT_URLCONF = "booking_bench_urls"
