from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.account, name="account"),
    path("register/", views.Register.as_view(), name="register"),
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("sign-out/", views.SignOut.as_view(), name="sign_out"),
    path("password/", views.ChangePassword.as_view(), name="change_password"),
    path("reset-password/", views.ResetPassword.as_view(), name="reset_password"),
    path("reset-password/sent/", views.reset_password_sent, name="reset_password_sent"),
    path(
        "reset-password/<uidb64>/<token>/",
        views.SetNewPassword.as_view(),
        name="set_new_password",
    ),
]
