from django.urls import path

from concerns.subscriptions import views

urlpatterns = [
    path("concerns/follow/", views.follow, name="follow"),
    path("concerns/follow/<str:token>/", views.follow_own, name="follow_own"),
    path("my/following/", views.my_following, name="my_following"),
]
