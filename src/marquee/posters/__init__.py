"""A movie's poster, drawn from its facts: pure, the same every time, at most 4 KB."""

from marquee.posters.drawing import LIMIT, VERSION, Facts, composition_of, field, poster

__all__ = ["LIMIT", "VERSION", "Facts", "composition_of", "field", "poster"]
