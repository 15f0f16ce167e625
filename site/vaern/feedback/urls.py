"""The reader's addresses."""

from django.urls import path

from vaern.feedback import views

urlpatterns = [
    path("feedback/", views.answer, name="feedback_answer"),
    path("feedback/tak/", views.thanks, name="feedback_thanks"),
]
