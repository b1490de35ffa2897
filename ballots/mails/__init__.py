"""Mails to those who take part: receipts of a submission, and results of what was drawn."""
