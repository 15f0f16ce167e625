"""Users who are signed in to the staff screens."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories.people import make_user
from vaern.people.models import User


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def coordinator() -> User:
    return make_user("coordinator")


@pytest.fixture
def desk(coordinator: User) -> Client:
    return client_of(coordinator)
