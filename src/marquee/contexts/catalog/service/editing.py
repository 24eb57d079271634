"""Creating, changing and deleting movies: an admin's work."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from marquee.contexts.catalog.model import bounds
from marquee.contexts.catalog.model.asking import CarrierAsked, CastAsked, CrewAsked
from marquee.contexts.catalog.model.casting import cast_of, crew_of
from marquee.contexts.catalog.model.editing import checked, created, edited, invalid
from marquee.contexts.catalog.model.faces import Faces
from marquee.contexts.catalog.model.matching import Mark, mark_of
from marquee.contexts.catalog.model.merging import Change, Named, Sought
from marquee.contexts.catalog.model.movie import Carrier, Movie, Record
from marquee.contexts.catalog.model.words import folded
from marquee.contexts.catalog.ports import Counters, Saving
from marquee.contexts.catalog.service.desk import Desk, gone_people, number, numbers, told
from marquee.contexts.catalog.service.joining import everybody, joined
from marquee.contexts.catalog.service.reading import no_movie
from marquee.kit.actor import Actor, an_admin
from marquee.kit.errors import Conflict, Stale
from marquee.kit.once import about_to_save

MOST_PLATFORMS = 100


class Editing:
    _desk: Desk

    async def create_movie(self, actor: Actor, values: Mapping[str, Any]) -> Movie:
        """`values` by field; Conflict when another movie has one of the ids.

        A movie that an admin had deleted may be brought back so, and is then open to sources again.
        """
        an_admin(actor)
        return await self._desk.alone(lambda: self._create(values))

    async def _create(self, values: Mapping[str, Any]) -> Movie:
        now, counters = self._desk.clock.now(), await self._desk.store.counters()
        faces, known = await self._resolved(values, values.get("year"), (), counters)
        record = created(counters.movie + 1, known, now)
        record = replace(record, movie=faces.put_right(record.movie))
        marks = await self._alike(record.movie)
        _unless_taken(record.movie, marks)
        about_to_save(record.movie)
        given = dataclasses.replace(counters, movie=counters.movie + 1)
        forgiven = [mark.id for mark in marks if mark.gone]
        await self._save(Change(None, record), faces, counters, given, now, forgiven)
        return record.movie

    async def change_movie(
        self,
        actor: Actor,
        movie_id: str,
        values: Mapping[str, Any],
        versions: Collection[int] | None,
    ) -> Movie:
        """`versions` are what the caller may have read; Stale when more than ratings has changed since."""
        an_admin(actor)
        return await self._desk.alone(lambda: self._change(movie_id, values, versions))

    async def _change(
        self, movie_id: str, values: Mapping[str, Any], versions: Collection[int] | None
    ) -> Movie:
        before = await self._fresh(movie_id, versions)
        now, counters = self._desk.clock.now(), await self._desk.store.counters()
        year = values.get("year", before.movie.year)
        own = tuple(before.movie.person_ids)
        faces, known = await self._resolved(values, year, own, counters)
        after = edited(before, known, now)
        if after is None:
            return before.movie
        if after.movie.ids != before.movie.ids:
            _unless_taken(after.movie, await self._alike(after.movie))
        after = replace(after, movie=faces.put_right(after.movie))
        about_to_save(after.movie)
        await self._save(Change(before, after), faces, counters, counters, now)
        return after.movie

    async def delete_movie(
        self, actor: Actor, movie_id: str, versions: Collection[int] | None
    ) -> None:
        """It stays known as deleted, so that no import brings it back."""
        an_admin(actor)

        async def work() -> None:
            change = Change(await self._fresh(movie_id, versions), None)
            about_to_save(None)
            await self._desk.commit(Saving(changes=(change,), events=list(told((change,)))))

        await self._desk.alone(work)

    async def _fresh(self, movie_id: str, versions: Collection[int] | None) -> Record:
        """The movie, if it has not been edited since one of `versions`."""
        id_ = number(movie_id)
        found = await self._desk.store.records([id_]) if id_ is not None else {}
        if id_ is None or id_ not in found:
            raise no_movie(movie_id)
        record = found[id_]
        standing = range(record.edited, record.movie.version + 1)
        if versions is not None and not any(one in standing for one in versions):
            raise Stale(
                f"It is at version {record.movie.version} now.",
                field="If-Match",
                extra={"version": record.movie.version},
            )
        return record

    async def _alike(self, movie: Movie) -> list[Mark]:
        """Whatever is, or was, known by the same ids or the same title and year."""
        mark = mark_of(Record(movie, {}, 0))
        sought = Sought(
            frozenset([mark.imdb_id] if mark.imdb_id else ()),
            frozenset([mark.tmdb_id] if mark.tmdb_id else ()),
            frozenset(mark.keys),
        )
        marks = await self._desk.store.marks(sought)
        return [
            one
            for one in marks
            if one.id != int(movie.id)
            and (_same_ids(one, mark) or (one.gone and not set(one.keys).isdisjoint(mark.keys)))
        ]

    async def _resolved(
        self, values: Mapping[str, Any], year: int | None, own: Sequence[str], counters: Counters
    ) -> tuple[Faces, dict[str, Any]]:
        """The values checked, with people and platforms found."""
        known = checked(values)
        cast: Sequence[CastAsked] = known.get("cast") or ()
        crew: Sequence[CrewAsked] = known.get("crew") or ()
        faces = await self._faces([*cast, *crew], counters)
        if "cast" in known:
            known["cast"] = cast_of(cast, faces, year, set(own))
        if "crew" in known:
            known["crew"] = crew_of(crew, faces, year, set(own))
        if "platforms" in known:
            known["platforms"] = await self._carriers(known["platforms"] or ())
        return faces, known

    async def _faces(self, asked: Sequence[CastAsked | CrewAsked], counters: Counters) -> Faces:
        names = frozenset(folded(one.name) for one in asked if one.name and not one.person_id)
        by_id = await self._desk.store.people(numbers(one.person_id or "" for one in asked))
        names |= {name for one in by_id.values() for name in one.names}
        named = Named(names, frozenset(), frozenset())
        by_name = await everybody(self._desk.store, named)
        people = {**{one.id: one for one in by_name if not one.gone}, **by_id}
        return Faces(people.values(), counters.person + 1)

    async def _carriers(self, asked: Sequence[CarrierAsked]) -> tuple[Carrier, ...]:
        platforms = {str(one.id): one for one in await self._desk.store.platforms()}
        found: dict[str, Carrier] = {}
        for place, one in enumerate(asked):
            at = f"platforms[{place}]"
            if one.id not in platforms or place >= MOST_PLATFORMS:
                raise invalid(at, "There is no such platform.")
            platform = platforms[one.id]
            url = platform.url
            if one.url:
                url = bounds.address(at, one.url, invalid, schemes=("https", "http"))
            found[one.id] = Carrier(one.id, platform.name, url)
        return tuple(sorted(found.values(), key=lambda one: int(one.id)))

    async def _save(  # noqa: PLR0913, PLR0917 - what one change of one movie consists of
        self,
        change: Change,
        faces: Faces,
        counters: Counters,
        given: Counters,
        now: datetime,
        forgiven: Sequence[int] = (),
    ) -> None:
        absorbed, elsewhere = await joined(self._desk, faces, counters.person, (change,), now)
        changes = (change, *elsewhere)
        await self._desk.commit(
            Saving(
                changes=changes,
                people=tuple(faces.changed.values()),
                absorbed=absorbed,
                counters=counters,
                given=dataclasses.replace(given, person=faces.next_id - 1),
                forgiven=forgiven,
                events=[*told(changes), *gone_people(absorbed)],
            )
        )


def _same_ids(one: Mark, other: Mark) -> bool:
    return bool(
        (one.imdb_id and one.imdb_id == other.imdb_id)
        or (one.tmdb_id and one.tmdb_id == other.tmdb_id)
    )


def _unless_taken(movie: Movie, marks: Sequence[Mark]) -> None:
    for mark in marks:
        if not mark.gone:
            field = "ids.imdb" if mark.imdb_id == movie.ids.imdb else "ids.tmdb"
            raise Conflict(
                "Another movie has this id.", field=field, extra={"movie_id": str(mark.id)}
            )
