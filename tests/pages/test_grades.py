"""How readers name grades and bands in a search."""

from __future__ import annotations

import pytest

from vaern.pages.grades import Band, bands_named


@pytest.mark.parametrize(
    ("word", "bands"),
    [
        ("Udskolingen", [Band.UPPER]),
        ("indskol", [Band.LOWER]),
        ("mellemtrin", [Band.MIDDLE]),
        ("mellemt", [Band.MIDDLE]),
        ("middle", [Band.MIDDLE]),
        ("secondary", [Band.UPPER]),
        ("lower", [Band.LOWER, Band.UPPER]),
        ("mellem", []),
        ("uds", []),
        ("kilder", []),
    ],
)
def test_words_that_name_bands(word: str, bands: list[Band]) -> None:
    assert bands_named(word) == bands
