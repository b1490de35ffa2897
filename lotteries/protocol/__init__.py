"""The draw protocol as pure functions, a file for each of its formulas (docs/draw-protocol.md).

Nothing here knows Django, the database or any other part of the site.
"""
