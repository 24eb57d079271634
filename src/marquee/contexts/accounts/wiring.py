"""How accounts are put together."""

from marquee.contexts.accounts.contract import Accounts
from marquee.contexts.accounts.jobs import jobs
from marquee.contexts.accounts.routes import routes
from marquee.contexts.accounts.service import AccountService, Door
from marquee.contexts.accounts.stores import look, open_store
from marquee.engines.argon2 import Argon2
from marquee.engines.throttle import open_throttle
from marquee.kit.context import Check, Context, Host, Room


async def build(host: Host) -> Room:
    store = await open_store(host.store_url)
    passwords = Argon2()
    throttle = await open_throttle(host.setting("cache_url"), field="MARQUEE_CACHE_URL")
    door = Door(store, passwords, throttle, host.clock)
    service = AccountService(store, door, host.clock)

    async def close() -> None:
        await passwords.close()
        await throttle.close()
        await store.close()

    return Room(
        service,
        routes=routes(service),
        outbox=store,
        once=store,
        portable=store.portable,
        jobs=jobs(service),
        checks=(Check("store", store.check), Check("counting of tries", throttle.check)),
        generation=lambda: store.generation,
        close=close,
    )


CONTEXT = Context("accounts", build, offers=Accounts, shares_cache=True, look=look)
