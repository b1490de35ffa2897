"""People for the tests."""

import factory

from accounts.models import User
from accounts.registering import set_role

PASSWORD = "correct horse battery staple"


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A participant who signs in with PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"participant {number}")
    email = factory.Sequence(lambda number: f"participant.{number}@example.org")

    @classmethod
    def _create(cls, model_class: type[User], *args: object, **kwargs: object) -> User:
        return User.objects.create_user(*args, **{"password": PASSWORD} | kwargs)  # type: ignore[arg-type]


def admin(username: str) -> User:
    user = UserFactory.create(username=username, email=f"{username}@example.org")
    set_role(user, is_admin=True)
    return user
