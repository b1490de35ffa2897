"""The former name of verify_database: schedules of operators call it."""

from ballots.management.commands.verify_database import Command as VerifyDatabase


class Command(VerifyDatabase):
    help = f"The former name of verify_database. {VerifyDatabase.help}"
