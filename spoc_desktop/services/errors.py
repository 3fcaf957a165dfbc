"""What a use case may answer instead of doing its work, by name; `sentences.py` has the words for each."""


class ServiceError(Exception):
    """A use case that could not be done. Nothing was saved by it, nothing was lost by it."""


class NotHereYet(ServiceError):
    """The record is named by another one that has come already; it comes with the next sync (protocol rule 3)."""


class NotOpenYet(ServiceError):
    """The week of the activity has not begun. `opens` is the instant in milliseconds."""

    def __init__(self, opens: int) -> None:
        super().__init__(str(opens))
        self.opens = opens


class NoAttemptsLeft(ServiceError):
    """Every attempt that the edition allows was begun. `allowed` is their number."""

    def __init__(self, allowed: int) -> None:
        super().__init__(str(allowed))
        self.allowed = allowed


class AlreadySubmitted(ServiceError):
    """The attempt was handed in, here or on another laptop: its answers do not change any more."""


class NoTriesLeft(ServiceError):
    """The question of a formative quiz has shown its expected answer: another try would teach nothing."""


class AlreadyAccepted(ServiceError):
    """The trainer accepted the exercise: no further version is handed in."""


class NothingToHandIn(ServiceError):
    """The version has neither text nor files."""


class NothingNewToHandIn(ServiceError):
    """The version says the very same as the one before it."""


class TooManyFiles(ServiceError):
    """A record may name so many files and no more. `most` is their number."""

    def __init__(self, most: int = 0) -> None:
        super().__init__(str(most))
        self.most = most


class FileUnreadable(ServiceError):
    """A file that was chosen cannot be read: a folder, gone, or not allowed. `name` is its name."""

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self.name = name


class NotAnAuthor(ServiceError):
    """The person writes no course on this server, or not this one. `titles`: the courses that they may write."""

    def __init__(self, titles: tuple[str, ...] = ()) -> None:
        super().__init__(", ".join(titles))
        self.titles = titles


class UnknownPerson(ServiceError):
    """Nobody has signed in on this computer under that name yet."""


class WrongAddress(ServiceError):
    """What was typed as the server's address is none: no https, a password inside, no host."""


class IssuerUnknown(ServiceError):
    """This laptop was never told the key with which the organisation signs."""
