"""Streaming platforms and what they carry."""

import dataclasses
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from msgspec.structs import replace

from marquee.contexts.catalog.model import bounds
from marquee.contexts.catalog.model.editing import invalid
from marquee.contexts.catalog.model.merging import Change
from marquee.contexts.catalog.model.movie import Carrier, Movie
from marquee.contexts.catalog.model.platforms import Platform, made
from marquee.contexts.catalog.ports import Question, Saving
from marquee.contexts.catalog.service.desk import Desk, number, told
from marquee.contexts.catalog.service.joining import changed
from marquee.contexts.catalog.service.reading import no_movie
from marquee.kit.actor import Actor, an_admin
from marquee.kit.errors import NotFound, Stale
from marquee.kit.once import about_to_save

EVERY = 2**31


class Carrying:
    _desk: Desk

    async def list_platforms(self) -> list[tuple[Platform, int]]:
        """By name, each with how many movies it carries."""
        counts = self._desk.lists.counts("platform")
        platforms = await self._desk.store.platforms()
        platforms.sort(key=lambda one: (one.name.casefold(), one.id))
        return [(one, counts.get(one.name, 0)) for one in platforms]

    async def get_platform(self, platform_id: str) -> tuple[Platform, int]:
        platform = await self._platform(platform_id)
        return platform, self._desk.lists.counts("platform").get(platform.name, 0)

    async def _platform(
        self, platform_id: str, versions: Collection[int] | None = None
    ) -> Platform:
        for platform in await self._desk.store.platforms():
            if platform.id == number(platform_id):
                if versions is not None and platform.version not in versions:
                    raise Stale(f"It is at version {platform.version} now.", field="If-Match")
                return platform
        raise NotFound(f"There is no platform {platform_id[:20]}.", field="platform_id")

    async def create_platform(
        self, actor: Actor, *, name: str, about: str | None, url: str | None
    ) -> Platform:
        """Conflict when there is one of this name, in whatever case."""
        an_admin(actor)

        async def work() -> Platform:
            counters = await self._desk.store.counters()
            blank = Platform(id=counters.platform + 1, name="", version=0)
            platform = made(blank, {"name": name, "about": about, "url": url})
            about_to_save(platform)
            given = dataclasses.replace(counters, platform=platform.id)
            await self._desk.commit(Saving(platforms=(platform,), counters=counters, given=given))
            return platform

        return await self._desk.alone(work)

    async def change_platform(
        self,
        actor: Actor,
        platform_id: str,
        values: dict[str, str | None],
        versions: Collection[int] | None,
    ) -> tuple[Platform, int]:
        """`values` by field; None takes one away. Its movies show the change at once."""
        an_admin(actor)

        async def work() -> tuple[Platform, int]:
            before = await self._platform(platform_id, versions)
            count = self._desk.lists.counts("platform").get(before.name, 0)
            after = made(before, values)
            if replace(after, version=before.version) == before:
                return before, count
            id_ = str(after.id)

            def carried(one: Carrier) -> Carrier:
                url = after.url if one.url == before.url else one.url
                return Carrier(id_, after.name, url) if one.id == id_ else one

            changes = await self._recarried(before, lambda all_: tuple(map(carried, all_)))
            about_to_save((after, count))
            await self._desk.commit(
                Saving(changes=changes, platforms=(after,), events=list(told(changes)))
            )
            return after, count

        return await self._desk.alone(work)

    async def delete_platform(
        self, actor: Actor, platform_id: str, versions: Collection[int] | None
    ) -> None:
        """The movies it carried stay, without it."""
        an_admin(actor)

        async def work() -> None:
            platform = await self._platform(platform_id, versions)
            id_ = str(platform.id)
            changes = await self._recarried(
                platform, lambda all_: tuple(one for one in all_ if one.id != id_)
            )
            about_to_save(None)
            await self._desk.commit(
                Saving(changes=changes, gone_platforms=(platform.id,), events=list(told(changes)))
            )

        await self._desk.alone(work)

    async def carry(
        self, actor: Actor, platform_id: str, movie_id: str, *, url: str | None, carries: bool
    ) -> Movie:
        """Say that a platform carries a movie, with or without a link to it, or that it does not."""
        an_admin(actor)
        if url is not None:
            url = bounds.address("url", url, invalid, schemes=("https", "http"))

        async def work() -> Movie:
            platform, id_ = await self._platform(platform_id), number(movie_id)
            found = await self._desk.store.records([id_]) if id_ is not None else {}
            if id_ is None or id_ not in found:
                raise no_movie(movie_id)
            record = found[id_]
            rest = [one for one in record.movie.platforms if one.id != str(platform.id)]
            if carries:
                rest.append(Carrier(str(platform.id), platform.name, url or platform.url))
            platforms = tuple(sorted(rest, key=lambda one: int(one.id)))
            if platforms == record.movie.platforms:
                return record.movie
            movie = replace(record.movie, platforms=platforms)
            change = changed(record, movie, self._desk.clock.now())
            about_to_save(change.after.movie if change.after else movie)
            await self._desk.commit(Saving(changes=(change,), events=list(told((change,)))))
            return change.after.movie if change.after else movie

        return await self._desk.alone(work)

    async def _recarried(
        self, platform: Platform, renew: Callable[[Sequence[Carrier]], tuple[Carrier, ...]]
    ) -> list[Change]:
        """What it changes in everything the platform carries."""
        found = self._desk.lists.page(
            Question(platforms=((platform.name,),)),
            sort="title",
            descending=False,
            limit=EVERY,
            after=None,
        )
        now: datetime = self._desk.clock.now()
        records = await self._desk.store.records(sorted(found.ids))
        pairs = [
            (one, replace(one.movie, platforms=renew(one.movie.platforms)))
            for one in records.values()
        ]
        return [changed(one, movie, now) for one, movie in pairs if movie != one.movie]
