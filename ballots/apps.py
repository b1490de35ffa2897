from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "ballots"
    admin_permissions = ("close_ballotbox", "pass_over", "view_ballot", "view_draw")

    def ready(self) -> None:
        from accounts.data import sources
        from accounts.stakes import questions
        from ballots.data import parts_of_ballots
        from ballots.stakes import ballots_in_an_undrawn_lottery

        questions.append(ballots_in_an_undrawn_lottery)
        sources.append(parts_of_ballots)
