"""The codes on printed receipts."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_code(address: str) -> SafeString:
    """The address as a QR code (ISO/IEC 18004): SVG for a page, dark on light in every scheme.

    With error correction M, which bears the folds of a paper in a pocket.
    """
    made = segno.make_qr(address, error="m")
    svg = made.svg_inline(dark="#000", light="#fff", omitsize=True, svgclass=None, lineclass=None)
    return mark_safe(svg)  # noqa: S308 -- a drawing: no text of the address is in it
