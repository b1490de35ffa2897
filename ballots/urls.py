from django.urls import path

from ballots import views
from ballots.public import protocol
from ballots.public import views as public
from ballots.public.calendar import calendar, lottery_calendar
from ballots.public.feed import feed

app_name = "ballots"

urlpatterns = [
    path("", views.home, name="home"),
    path("lotteries/", views.open_lotteries, name="open_lotteries"),
    path("lotteries/<date:closure_date>/", views.lottery, name="lottery"),
    path("lotteries/<date:closure_date>/ballots/", views.submit_ballots, name="submit_ballots"),
    path("lotteries/<date:closure_date>/check/", public.check, name="check"),
    path("lotteries/<date:closure_date>/record.json", public.record, name="record"),
    path("lotteries/<date:closure_date>/head.json", public.head, name="head"),
    path("lotteries/<date:closure_date>/proof.json", public.proof, name="proof"),
    path(
        "lotteries/<date:closure_date>/consistency.json",
        public.consistency,
        name="consistency",
    ),
    path("lotteries/<date:closure_date>/calendar.ics", lottery_calendar, name="lottery_calendar"),
    path("calendar.ics", calendar, name="calendar"),
    path("fairness/", public.fairness, name="fairness"),
    path("draw-protocol/", protocol.draw_protocol, name="draw_protocol"),
    path("draw-protocol/<str:name>", protocol.draw_vector, name="draw_vector"),
    path("verify_draw.py", public.script, name="script"),
    path("witness.py", public.witness_script, name="witness_script"),
    path("feed.atom", feed, name="feed"),
    path("results/", views.results, name="results"),
    path("ballots/", views.my_ballots, name="my_ballots"),
    path("ballots/<date:closure_date>/", views.my_entry, name="my_entry"),
    path(
        "ballots/<date:closure_date>/submissions/<int:first_number>/",
        views.submission,
        name="submission",
    ),
    path("ballots/<date:closure_date>/receipts.json", views.receipts, name="receipts"),
    path("ballots/<date:closure_date>/<int:number>/", views.receipt, name="receipt"),
    path(
        "ballots/<date:closure_date>/<int:number>/receipt.json",
        views.receipt_json,
        name="receipt_json",
    ),
    path("health", views.health, name="health"),
]
