"""The draw protocol as a page, and the vectors beside it, so that others can write checkers."""

from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from ballots.editions.keeping import keep
from ballots.editions.versions import site_version
from ballots.public.caching import let_caches_keep, publish

PROTOCOL = settings.BASE_DIR / "docs" / "draw-protocol.md"
VECTORS = settings.BASE_DIR / "docs" / "draw-vectors"


@cache
def render_protocol() -> SafeString:
    """The document as HTML. It is the site's own, and what HTML it may hold is shown as text."""
    markdown = MarkdownIt("commonmark", {"html": False})
    html: str = markdown.render(PROTOCOL.read_text(encoding="utf-8"))
    html = html.replace("<pre>", '<pre tabindex="0">')  # whoever has no mouse scrolls it, too
    return mark_safe(html)  # noqa: S308


@cache
def read_vectors() -> dict[str, bytes]:
    """The files with known answers, by name."""
    return {file.name: file.read_bytes() for file in sorted(VECTORS.glob("*.json"))}


@keep(site_version)
@require_safe
def draw_protocol(request: HttpRequest) -> HttpResponse:
    context = {"text": render_protocol(), "vectors": list(read_vectors())}
    return render(request, "ballots/draw_protocol.html", context)


@publish
def draw_vector(request: HttpRequest, name: str) -> HttpResponse:
    if name not in read_vectors():
        raise Http404("There is no such file.")
    response = HttpResponse(read_vectors()[name], content_type="application/json")
    return let_caches_keep(response, is_final=False)
