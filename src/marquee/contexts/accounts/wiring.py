"""How accounts are put together."""

from marquee.contexts.accounts.contract import Accounts
from marquee.contexts.accounts.jobs import jobs
from marquee.contexts.accounts.routes import routes
from marquee.contexts.accounts.service import AccountService, Door
from marquee.contexts.accounts.stores import open_store
from marquee.engines.argon2 import Argon2
from marquee.engines.throttle import Throttle
from marquee.kit.context import Check, Context, Host, Room


async def build(host: Host) -> Room:
    store = await open_store(host.store_url)
    passwords = Argon2()
    door = Door(store, passwords, Throttle(), host.clock)
    service = AccountService(store, door, host.clock)

    async def close() -> None:
        await passwords.close()
        await store.close()

    return Room(
        service,
        routes=routes(service),
        outbox=store,
        once=store,
        jobs=jobs(service),
        checks=(Check("store", store.check),),
        generation=lambda: store.generation,
        close=close,
    )


CONTEXT = Context("accounts", build, offers=Accounts)
