from django.urls import path

from accounts.pages import (
    account,
    changing,
    closing,
    confirming,
    data,
    passwords,
    signing_in,
    unsubscribing,
)

app_name = "accounts"

urlpatterns = [
    path("", account.account, name="account"),
    path("confirm/", confirming.send_confirmation, name="send_confirmation"),
    path("confirm/<token>/", confirming.confirm_email, name="confirm_email"),
    path("email/", changing.change_email, name="change_email"),
    path("username/", changing.change_username, name="change_username"),
    path("mails/<token>/", unsubscribing.unsubscribe, name="unsubscribe"),
    path("choices/", account.choices, name="choices"),
    path("sign-out-everywhere/", account.sign_out_everywhere, name="sign_out_everywhere"),
    path("data.json", data.data, name="data"),
    path("close/", closing.close_account, name="close_account"),
    path("register/", signing_in.Register.as_view(), name="register"),
    path("sign-in/", signing_in.SignIn.as_view(), name="sign_in"),
    path("sign-out/", signing_in.SignOut.as_view(), name="sign_out"),
    path("password/", passwords.ChangePassword.as_view(), name="change_password"),
    path("reset-password/", passwords.ResetPassword.as_view(), name="reset_password"),
    path("reset-password/sent/", passwords.reset_password_sent, name="reset_password_sent"),
    path(
        "reset-password/<uidb64>/<token>/",
        passwords.SetNewPassword.as_view(),
        name="set_new_password",
    ),
]
