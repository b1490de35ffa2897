"""What else happens when a mail has been handed over to a mail server, or is given up."""

from collections.abc import Callable
from datetime import datetime

from accounts.mail.models import Mail

# Called in the transaction that marks it, with sent_at or given_up_at set. Apps add their own when
# they are ready. Each may be called again where that transaction could not be committed.
End = Callable[[Mail, datetime], None]
ends: list[End] = []
