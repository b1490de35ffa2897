"""The results of all lotteries as one file, as public as the page of them."""

from django.http import HttpRequest, StreamingHttpResponse

from accounts.shared.spreadsheets import send_csv
from ballots.public.caching import let_caches_keep, publish
from ballots.tables import RESULTS, list_results


@publish
def results_file(request: HttpRequest) -> StreamingHttpResponse:
    return let_caches_keep(send_csv("results.csv", RESULTS, list_results()), is_final=False)
