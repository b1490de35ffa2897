from argparse import ArgumentParser

from django.conf import settings

from accounts.shared.commands import SiteCommand
from accounts.shared.numbers import tell_count
from lottery_site.cron import SiteCrontab, write_environment


class Command(SiteCommand):
    help = "Adds, shows, removes or runs the scheduled jobs. A run ends with 1 when its job fails."
    requires_system_checks: list[str] = []  # their warnings would fill cron's log

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="subcommand", required=True)
        commands.add_parser("add", help="install the jobs, with the settings of this process")
        commands.add_parser("show", help="show the jobs that are installed")
        commands.add_parser("remove", help="remove the jobs")
        commands.add_parser("run", help="what cron calls").add_argument(
            "job_hash", help="which job, as its line in the crontab has it"
        )

    def handle(self, *, subcommand: str, verbosity: int, **options: str) -> None:
        crontab = SiteCrontab(verbosity=verbosity)
        if subcommand == "run":
            crontab.run_job(options["job_hash"])
        else:
            crontab.read()
            getattr(self, subcommand)(crontab)

    def add(self, crontab: SiteCrontab) -> None:
        write_environment(settings.CRON_ENVIRONMENT_FILE, settings.ENVIRONMENT.list_given())
        crontab.remove_jobs()
        crontab.add_jobs()
        crontab.write()

    def show(self, crontab: SiteCrontab) -> None:
        crontab.show_jobs()
        if not crontab.jobs():
            self.stdout.write("No job of this site is installed.")

    def remove(self, crontab: SiteCrontab) -> None:
        jobs = len(crontab.jobs())
        crontab.remove_jobs()
        crontab.write()
        self.stdout.write(f"Removed {tell_count(jobs, 'job')} of this site.")
        settings.CRON_ENVIRONMENT_FILE.unlink(missing_ok=True)
