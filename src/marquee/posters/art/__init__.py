"""The compositions: each draws the art of a poster and says where its title goes."""

from collections.abc import Callable

from marquee.posters.art import geometry, places, stage, things
from marquee.posters.chance import Rng
from marquee.posters.colors import Colors
from marquee.posters.design import Design, Subject

Composition = Callable[[Rng, Colors, Subject], Design]
COMPOSITIONS: dict[str, Composition] = {
    "bend": geometry.bend,
    "fan": geometry.fan,
    "grid": geometry.grid,
    "halftone": geometry.halftone,
    "lens": geometry.lens,
    "rings": geometry.rings,
    "shards": geometry.shards,
    "spiral": geometry.spiral,
    "stack": geometry.stack,
    "sunburst": geometry.sunburst,
    "tiles": geometry.tiles,
    "twist": geometry.twist,
    "arches": places.arches,
    "blinds": places.blinds,
    "columns": places.columns,
    "door": places.door,
    "horizon": places.horizon,
    "skyline": places.skyline,
    "stairs": places.stairs,
    "torn": places.torn,
    "waves": places.waves,
    "windows": places.windows,
    "bulbs": stage.bulbs,
    "confetti": stage.confetti,
    "curtain": stage.curtain,
    "spine": stage.spine,
    "beam": things.beam,
    "eye": things.eye,
    "face": things.face,
    "fangs": things.fangs,
    "iris": things.iris,
    "moon": things.moon,
    "numeral": things.numeral,
    "orbit": things.orbit,
    "perf": things.perf,
}
