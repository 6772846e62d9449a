from django.urls import path

from engagement.outbox import views, views_texts

urlpatterns = [
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("texts/answers/", views_texts.answers, name="text_answers"),
]
