from datetime import date


class DateConverter:
    """YYYY-MM-DD in a URL; a date that is not in the calendar is no page."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()
