from django.urls import path

from ballots import record_views, views
from ballots.feed import feed

app_name = "ballots"

urlpatterns = [
    path("", views.home, name="home"),
    path("lotteries/", views.open_lotteries, name="open_lotteries"),
    path("lotteries/<date:closure_date>/", views.lottery, name="lottery"),
    path("lotteries/<date:closure_date>/ballots/", views.submit_ballots, name="submit_ballots"),
    path("lotteries/<date:closure_date>/check/", record_views.check, name="check"),
    path("lotteries/<date:closure_date>/record.json", record_views.record, name="record"),
    path("lotteries/<date:closure_date>/head.json", record_views.head, name="head"),
    path("lotteries/<date:closure_date>/proof.json", record_views.proof, name="proof"),
    path(
        "lotteries/<date:closure_date>/consistency.json",
        record_views.consistency,
        name="consistency",
    ),
    path("fairness/", record_views.fairness, name="fairness"),
    path("verify_draw.py", record_views.script, name="script"),
    path("feed.atom", feed, name="feed"),
    path("results/", views.results, name="results"),
    path("ballots/", views.my_ballots, name="my_ballots"),
    path("ballots/<date:closure_date>/", views.my_entry, name="my_entry"),
    path(
        "ballots/<date:closure_date>/submissions/<int:first_number>/",
        views.submission,
        name="submission",
    ),
    path("ballots/<date:closure_date>/receipts.json", record_views.receipts, name="receipts"),
    path("ballots/<date:closure_date>/<int:number>/", views.receipt, name="receipt"),
    path(
        "ballots/<date:closure_date>/<int:number>/receipt.json",
        views.receipt_json,
        name="receipt_json",
    ),
    path("health", views.health, name="health"),
]
