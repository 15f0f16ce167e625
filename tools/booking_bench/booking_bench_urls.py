"""The site's addresses, and the yardstick: a form and a row lock, and nothing that makes it a booking."""

from django import forms
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils import timezone

from bookings.models import Session
from vaern.audit.models import AuditEvent
from vaern.outbox.models import Message
from vaern.urls import urlpatterns as site


class BareForm(forms.Form):
    """Five fields."""

    school = forms.CharField()
    name = forms.CharField()
    email = forms.EmailField()
    phone = forms.CharField()
    pupils = forms.IntegerField(min_value=1)


def bare(request, pk):
    """Lock the row, count, write two rows, answer: the textbook."""
    form = BareForm(request.POST)
    if not form.is_valid():
        return HttpResponse(str(form.errors), status=422)
    with transaction.atomic():
        session = Session.objects.select_for_update(no_key=True).get(pk=pk)
        session.seats_taken += 1
        session.save(update_fields=["seats_taken"])
        AuditEvent.objects.create(action="bare", subject_type="bare", subject_key="", facts=form.cleaned_data)
        now = timezone.now()
        Message.objects.create(
            kind="bare", recipient="a@example.dk", language="da", created_at=now, send_after=now, context={}
        )
    return HttpResponseRedirect("/")


urlpatterns = [path("bare/<int:pk>/", bare), *site]
