"""The outbox: a mail is a row of the transaction of its event, and sent once that is committed."""
