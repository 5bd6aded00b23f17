"""The settings as they stand, and as somebody answers for them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.config import Settings, variable_of
from bot.errors import UserError
from bot.runtime.env_file import read_env, update_env

_FIELDS = {variable_of(name): name for name in Settings.model_fields}
"""Settings as they are called in the environment -> in `Settings`."""


class Answers:
    """What is set: by an answer, else by an option (`given`), else in the environment, else in the `.env` file."""

    def __init__(self, path: Path, environment: Mapping[str, str], given: Mapping[str, str]) -> None:
        """Raises UserError for a setting there is not, and for a file that cannot be read."""
        if unknown := sorted(given.keys() - _FIELDS.keys()):
            raise UserError(f"There is no setting {unknown[0]}; .env.example lists them all.")
        self._path = path
        self._environment = {name: environment[name] for name in _FIELDS if environment.get(name)}
        self._standing = read_env(path)
        self._given = dict(given)
        self._answered: dict[str, str] = {}

    def value(self, setting: str) -> str:
        """A setting as it stands now, as it is written in the file; empty where it is not set."""
        for source in (self._answered, self._given, self._environment, self._standing):
            if setting in source:
                return source[setting]
        return ""

    def is_given(self, setting: str) -> bool:
        """Whether an option answers for a setting."""
        return setting in self._given

    def is_fixed(self, setting: str) -> bool:
        """Whether the environment sets it, which takes precedence over the file."""
        return setting in self._environment

    def answer(self, setting: str, value: str) -> None:
        """Take an answer. One that only repeats the environment is not written."""
        self._answered[setting] = value

    def settings(self) -> Settings:
        """The settings with all that was answered so far. Raises ValidationError for one that cannot be."""
        fields = Settings.model_fields
        changed = {**self._given, **self._answered}
        values: dict[str, Any] = {
            name if fields[_FIELDS[name]].validation_alias else _FIELDS[name]: value
            or fields[_FIELDS[name]].get_default(call_default_factory=True)
            for name, value in changed.items()
        }
        return Settings(_env_file=self._path, **values)

    def write(self) -> bool:
        """Write what was answered to the file; returns whether that changed it."""
        changed = {
            name: value
            for name, value in {**self._given, **self._answered}.items()
            if self._environment.get(name) != value
        }
        return update_env(self._path, changed)

    def overruled(self) -> list[str]:
        """Settings of the environment that keep the file's from counting."""
        changed = {**self._given, **self._answered}
        return [name for name, value in self._environment.items() if changed.get(name, value) != value]
