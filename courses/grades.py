"""Grades 0–10, which workshops and materials share: they live in `vaern.pages.grades`."""

from vaern.pages.grades import HIGHEST, LOWEST, Band, bands

__all__ = ["HIGHEST", "LOWEST", "Band", "bands"]
