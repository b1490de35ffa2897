from django.apps import AppConfig
from django.db.models.signals import post_migrate


class BallotsConfig(AppConfig):
    name = "ballots"
    admin_permissions = ("close_ballotbox", "pass_over", "view_ballot", "view_draw")

    def ready(self) -> None:
        from accounts.closing import removals
        from accounts.data import sources
        from accounts.mail.ends import ends
        from accounts.mail.mailings import mailings
        from accounts.stakes import held_places, questions, unclaimed_places, undrawn_ballots
        from ballots.data import parts_of_ballots
        from ballots.editions.triggers import set_triggers
        from ballots.mails.results import queue_results
        from ballots.stakes import (
            ballots_in_an_undrawn_lottery,
            forget_messages,
            held_place,
            held_place_and_until_when,
            unclaimed_place,
        )
        from ballots.telling import note_end

        questions.extend([ballots_in_an_undrawn_lottery, held_place_and_until_when])
        undrawn_ballots.append(ballots_in_an_undrawn_lottery)
        held_places.append(held_place)
        unclaimed_places.append(unclaimed_place)
        removals.append(forget_messages)
        sources.append(parts_of_ballots)
        ends.append(note_end)
        mailings.append(queue_results)
        post_migrate.connect(set_triggers, sender=self)
