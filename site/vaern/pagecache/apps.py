"""Pages kept for anonymous readers."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from vaern.pagecache.watch import watch_connection


class PageCacheConfig(AppConfig):
    """Watches every database connection from its first moment on."""

    name = "vaern.pagecache"

    def ready(self) -> None:
        """Watch the connections to come, and make the timed job known."""
        import_module("vaern.pagecache.jobs")
        connection_created.connect(watch_connection, dispatch_uid="vaern.pagecache")
