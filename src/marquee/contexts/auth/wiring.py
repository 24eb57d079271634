"""How auth is put together."""

from pathlib import Path

from marquee.contexts.accounts.contract import Accounts
from marquee.contexts.auth.contract import Auth
from marquee.contexts.auth.jobs import jobs
from marquee.contexts.auth.listeners import HEARS, listener, renew
from marquee.contexts.auth.routes import routes
from marquee.contexts.auth.service import AuthService
from marquee.contexts.auth.stores import look, open_store
from marquee.engines.keyring import KeyRing
from marquee.kit.context import Check, Context, Host, Room


async def build(host: Host) -> Room:
    tokens = KeyRing.open(Path(host.setting("auth_key_file") or host.folder / "keys.json"))
    store = await open_store(host.store_url)
    service = AuthService(store, host.ask(Accounts), tokens, host.clock)

    async def close() -> None:
        await service.keep_seen()
        await store.close()

    return Room(
        service,
        routes=routes(service),
        hears=HEARS,
        listener=listener(store, service),
        outbox=store,
        inbox=store,
        renew=renew,
        jobs=jobs(service),
        checks=(Check("store", store.check),),
        generation=lambda: store.generation,
        close=close,
    )


CONTEXT = Context("auth", build, offers=Auth, needs=(Accounts,), look=look)
