"""Where each store of an instance is: by its URL, or a file in the folder of who serves it."""

from pathlib import Path

from marquee.app.settings import Settings
from marquee.app.up.plan import process_of
from marquee.engines.address import shown


def folder_of(settings: Settings, name: str) -> Path:
    """`marquee up` gives each process a folder in the data folder."""
    process = process_of(settings, name)
    own = settings.data / process if process else settings.data
    return own if own.is_dir() and not (settings.data / f"{name}.db").exists() else settings.data


def store_url(settings: Settings, name: str) -> str:
    return settings.store_url(name) or f"sqlite:///{folder_of(settings, name) / f'{name}.db'}"


def is_elsewhere(settings: Settings, name: str) -> bool:
    """Whether another service has its file, on another machine or in a folder we do not know of."""
    embedded = settings.store_url(name) is None
    here = (folder_of(settings, name) / f"{name}.db").exists()
    return embedded and not here and settings.address(name) is not None


def where(url: str, setting: str) -> str:
    """The address as it may be shown; the setting's name where what it says is of no use."""
    return shown(url) or setting
