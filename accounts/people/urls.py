from django.urls import URLPattern, URLResolver, path

from .views import acting, sign_in

app_name = "people"

urlpatterns: list[URLPattern | URLResolver] = [
    path("i/code/", sign_in.enter_code, name="code"),
    path("demo/enter/<slug:role>/", sign_in.enter_demo, name="demo-enter"),
    path("acting-for/", acting.act_for, name="acting-for"),
]
