"""Commands that tell how things are: status, doctor."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import typer

from bot import bootstrap
from bot.cli.app import MEASURING, AsJson, DataDir, app, logging_settings, missing_extra, os_reason, waits
from bot.cli.output import console, print_json, print_line
from bot.cli.status_table import print_status
from bot.config import Settings
from bot.domain.counts import counted
from bot.domain.deliveries import Status, Upcoming, what_to_do
from bot.errors import IndexUnusableError, StoreError, UserError
from bot.library.app import App
from bot.library.following import Following
from bot.library.overview import Space, overview
from bot.ports import ServiceState, SourceState
from bot.runtime.clocks import SystemClock
from bot.runtime.private_files import readable_by_others
from bot.runtime.time_zones import versions


@app.command(rich_help_panel=MEASURING)
@waits
async def status(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Show what is stored and how the sources are doing."""
    async with bootstrap.open_app(logging_settings(data_dir)) as opened:
        facts = await _facts(opened)
    if as_json:
        print_json(facts)
    else:
        print_status(facts, SystemClock().now(), console())


async def _facts(opened: App) -> dict[str, Any]:
    told = await overview(opened)
    return {
        "papers": told.papers,
        "indexed": told.indexed,
        "pending": told.pending,
        "encoder": told.encoder,
        "reader": {"name": told.reader, "read": told.read} if told.reader else None,
        "sources": [_source(state) for state in told.sources],
        "followed": await _followed(opened),
        "services": [_service(state) for state in told.services],
        "posts": [_post(upcoming) for upcoming in told.posts],
        "queue": {
            "due": sum(told.counts.due.values()),
            "open": sum(told.counts.open.values()),
            "lookups": told.lookups,
            "last_day": {status.value: told.counts.ended(status) for status in Status if told.counts.ended(status)},
        },
        "space": _space(told.space),
    }


def _space(space: Space) -> dict[str, Any]:
    backup = space.backup
    return {
        "database": space.database,
        "index": space.index,
        "free": space.free,
        "short": space.is_short,
        "backup": {
            "file": str(backup.file),
            "made": backup.made_at.isoformat(timespec="seconds"),
            "size": backup.size,
        }
        if backup
        else None,
    }


async def _followed(opened: App) -> list[str]:
    """What is read beside the settings because somebody follows it: `arxiv: q-bio.BM`."""
    streams = await opened.following.streams(opened.store) if opened.following else []
    return [f"{stream.source}: {stream.value}" if stream.value != stream.source else stream.value for stream in streams]


def _post(upcoming: Upcoming) -> dict[str, Any]:
    """The next post to a destination, and how its last one went."""
    last = upcoming.deliveries[0] if upcoming.deliveries else None
    return {
        "place": upcoming.destination.key,
        "platform": upcoming.destination.place.platform,
        "name": upcoming.destination.place.name,
        "post": upcoming.destination.post or None,
        "next": upcoming.next_run_at.isoformat(timespec="seconds") if upcoming.next_run_at else None,
        "refusals": upcoming.refusals,
        "advice": what_to_do(upcoming) or None,
        "last": {"day": last.day.isoformat(), "status": last.status.value, "error": last.error or None}
        if last
        else None,
    }


def _source(state: SourceState) -> dict[str, Any]:
    moments = {"attempted": state.attempted_at, "succeeded": state.succeeded_at, "newest": state.newest_at}
    text = {name: at.isoformat(timespec="seconds") if at else None for name, at in moments.items()}
    return {"name": state.name, **text, "error": state.error or None, "note": state.note or None}


def _service(state: ServiceState) -> dict[str, Any]:
    moments = {"asked": state.asked_at, "answered": state.answered_at}
    text = {name: at.isoformat(timespec="seconds") if at else None for name, at in moments.items()}
    return {"name": state.name, **text, "error": state.error or None}


Check = Callable[[Settings], Awaitable[str]]


class ConcernError(Exception):
    """What a check found that should be looked at, but does not keep the bot from running."""


@app.command(rich_help_panel=MEASURING)
@waits
async def doctor(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Check everything the bot needs; the exit status is 1 if it cannot run.

    What is marked with ! should be looked at, but the bot runs.
    """
    found = await examine(logging_settings(data_dir))
    if as_json:
        print_json({"results": found})
    else:
        for each in found:
            mark = "!" if each["concern"] else "✓" if each["ok"] else "✗"
            print_line(f"{mark} {each['name']}: {each['text']}", console())
    if not all(each["ok"] for each in found):
        raise typer.Exit(1)


async def examine(loaded: Settings) -> list[dict[str, Any]]:
    """What every check came to, as JSON rows: `name`, `ok`, `concern` and `text`."""
    return [await _checked(name, check, loaded) for name, check in checks().items()]


async def _checked(name: str, check: Check, loaded: Settings) -> dict[str, Any]:
    """What a check came to, as a JSON row."""
    ok, concern = True, False
    try:
        text = await check(loaded)
    except ConcernError as error:
        concern, text = True, str(error)
    except ModuleNotFoundError as error:
        ok, text = False, missing_extra(error)
    except OSError as error:
        ok, text = False, os_reason(error)
    except (StoreError, IndexUnusableError, UserError) as error:
        ok, text = False, str(error)
    return {"name": name, "ok": ok, "concern": concern, "text": text}


async def _database(loaded: Settings) -> str:
    async with bootstrap.open_store(loaded) as store:
        await bootstrap.require_sound_database(loaded)
        return counted(await store.count_papers(), "paper")


async def _migrations(loaded: Settings) -> str:
    version, newest = await bootstrap.schema_versions(loaded)
    if version is None:
        raise UserError("there are no tables yet; `paperboy sync`, `import` and `init` make them")
    if version != newest:
        raise UserError(f"the tables are version {version}, not {newest}; run `paperboy migrate`")
    return f"version {version}, the newest"


async def _index(loaded: Settings) -> str:
    repaired: list[str] = []
    async with bootstrap.open_app(loaded, thorough=True, tell=repaired.append) as opened:
        facts = await _facts(opened)
    if facts["papers"] and not facts["indexed"]:
        raise UserError("it is empty, so nothing can be found; run `paperboy index`")
    pending = (
        f", {counted(facts['pending'], 'change')} behind: `paperboy index`" if facts["pending"] else ", up to date"
    )
    return " ".join([*repaired, f"{counted(facts['indexed'], 'paper')}{pending}{_begun(loaded)}"])


def _begun(loaded: Settings) -> str:
    """What a rebuild has come to that is not complete."""
    begun = bootstrap.interrupted_rebuild(loaded)
    if begun is None:
        return ""
    return f"; a rebuild has come to {counted(len(begun), 'paper')}: `paperboy index --rebuild` goes on with it"


async def _files(loaded: Settings) -> str:
    """Raises ConcernError when others on this machine may read what is ours."""
    kept = [loaded.data_dir / "paperboy.db", loaded.data_dir / "index", Path(".env")]
    secrets = [*kept, *([loaded.dkim_key_file] if loaded.dkim_key_file else [])]
    others = ", ".join(str(path) for path in readable_by_others(secrets))
    if others:
        raise ConcernError(f"others on this machine may read {others}: `chmod -R go= PATH`")
    return "their owner's alone"


async def _encoder(loaded: Settings) -> str:
    encoders = [bootstrap.load_encoder(loaded), bootstrap.load_second_encoder(loaded)]
    return "; ".join(f"{encoder.name}, {encoder.dim} dimensions" for encoder in encoders if encoder)


async def _clock(_loaded: Settings) -> str:
    """The clock cannot be compared with another; a year before this release shows that it was never set."""
    now = SystemClock().now()
    if now.year < 2026:
        raise UserError(f"it says {now:%Y-%m-%d}; set the machine's time")
    return f"{now:%Y-%m-%d %H:%M} UTC"


async def _time_zones(_loaded: Settings) -> str:
    zones = versions()
    if zones.pinned_is_newer:
        return f"{zones.pinned}; the machine's database ({zones.system or 'of unknown age'}) is older and not used"
    return f"{zones.system}, the machine's"


async def _sources(loaded: Settings) -> str:
    """The sources that are read. Raises ConcernError when one failed: the next sync asks it again."""
    version, newest = await bootstrap.schema_versions(loaded)
    states: list[SourceState] = []
    followed = loaded
    if version == newest:
        async with bootstrap.open_store(loaded) as store:
            states = await store.source_states()
            followed = await Following(loaded).settings(store)
    happened = {state.name: f"failed: {state.error}" if state.error else state.note for state in states}
    names = [source.name for source in bootstrap.paper_sources(followed, followed.sources)]
    text = ", ".join(f"{name} ({happened[name]})" if happened.get(name) else name for name in names)
    if any(state.error for state in states if state.name in names):
        raise ConcernError(text)
    return text or "none are switched on"


async def _services(loaded: Settings) -> str:
    """Who is asked for papers that are not here. Raises ConcernError when one failed the last time."""
    lookups, searches = bootstrap.service_names(loaded)
    version, newest = await bootstrap.schema_versions(loaded)
    states: Sequence[ServiceState] = ()
    if version == newest:
        async with bootstrap.open_store(loaded) as store:
            states = await store.service_states()
    errors = {state.name: state.error for state in states if state.error}

    def listed(names: Sequence[str]) -> str:
        return ", ".join(f"{name} (failed: {errors[name]})" if name in errors else name for name in names) or "none"

    text = f"asked for papers: {listed(lookups)}; searched: {listed(searches)}"
    if errors.keys() & {*lookups, *searches}:
        raise ConcernError(text)
    return text


async def _zotero(loaded: Settings) -> str:
    """Whether libraries of Zotero can be connected. Raises ConcernError when one is not in step."""
    if not loaded.zotero:
        return "off"
    if not loaded.token_keys:
        return "nobody can connect a library: `paperboy make-key` prints a key for PAPERBOY_TOKEN_KEYS"
    version, newest = await bootstrap.schema_versions(loaded)
    if version != newest:
        return "on"
    async with bootstrap.open_store(loaded) as store:
        counts = await store.count_zotero()
    text = "1 library" if counts.libraries == 1 else f"{counts.libraries:,} libraries"
    if counts.failing:
        raise ConcernError(f"{text}, {counts.failing} not in step: {'; '.join(counts.errors)}")
    return text


async def _hf_token(loaded: Settings) -> str:
    return "set" if loaded.hf_token.get_secret_value() else "none set, and none is needed to read papers"


def checks() -> Mapping[str, Check]:
    """Everything that is checked, by name: what Paperboy itself needs, then each platform."""
    return {
        "database": _database,
        "migrations": _migrations,
        "index": _index,
        "files": _files,
        "encoder": _encoder,
        "clock": _clock,
        "time zones": _time_zones,
        "HF_TOKEN": _hf_token,
        "sources": _sources,
        "services": _services,
        "zotero": _zotero,
        **{name: partial(bootstrap.check_platform, name) for name in bootstrap.platform_names()},
    }
