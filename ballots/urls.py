from django.urls import path

from ballots.public import protocol
from ballots.public import views as public
from ballots.public.calendar import calendar, lottery_calendar
from ballots.public.check import check
from ballots.public.feed import feed
from ballots.public.results import results_file
from ballots.views import claiming, lotteries, mine, receipts, submitting
from ballots.views.health import health

app_name = "ballots"

urlpatterns = [
    path("", lotteries.home, name="home"),
    path("lotteries/", lotteries.open_lotteries, name="open_lotteries"),
    path("lotteries/<date:closure_date>/", lotteries.lottery, name="lottery"),
    path(
        "lotteries/<date:closure_date>/ballots/",
        submitting.submit_ballots,
        name="submit_ballots",
    ),
    path("lotteries/<date:closure_date>/check/", check, name="check"),
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
    path("results.csv", results_file, name="results_file"),
    path("results/", lotteries.results, name="results"),
    path("ballots/", mine.my_ballots, name="my_ballots"),
    path("ballots/<date:closure_date>/", mine.my_entry, name="my_entry"),
    path(
        "ballots/<date:closure_date>/submissions/<int:first_number>/",
        mine.submission,
        name="submission",
    ),
    path(
        "ballots/<date:closure_date>/submissions/<int:first_number>/receipts/",
        receipts.submission_receipts,
        name="submission_receipts",
    ),
    path(
        "ballots/<date:closure_date>/submissions/<int:first_number>/receipts.json",
        receipts.submission_receipts_json,
        name="submission_receipts_json",
    ),
    path("ballots/<date:closure_date>/claim/", claiming.claim, name="claim"),
    path("ballots/<date:closure_date>/decline/", claiming.decline, name="decline"),
    path("ballots/<date:closure_date>/receipts.json", receipts.receipts, name="receipts"),
    path("ballots/<date:closure_date>/<int:number>/", receipts.receipt, name="receipt"),
    path(
        "ballots/<date:closure_date>/<int:number>/receipt.json",
        receipts.receipt_json,
        name="receipt_json",
    ),
    path("health", health, name="health"),
]
