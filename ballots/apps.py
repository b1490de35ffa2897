from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "ballots"
    admin_permissions = ("close_ballotbox", "pass_over", "view_ballot", "view_draw")

    def ready(self) -> None:
        from accounts.closing import removals
        from accounts.data import sources
        from accounts.mail.mailings import mailings
        from accounts.stakes import held_places, questions, unclaimed_places
        from ballots.data import parts_of_ballots
        from ballots.mails.results import queue_results
        from ballots.stakes import (
            ballots_in_an_undrawn_lottery,
            forget_messages,
            held_place,
            unclaimed_place,
        )

        questions.append(ballots_in_an_undrawn_lottery)
        held_places.append(held_place)
        unclaimed_places.append(unclaimed_place)
        removals.append(forget_messages)
        sources.append(parts_of_ballots)
        mailings.append(queue_results)
