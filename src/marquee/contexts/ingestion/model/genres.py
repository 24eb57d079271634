"""One name for each genre."""

import re

from marquee.contexts.ingestion.model.text import fold, plain, remembering

LONGEST = 40
_CANONICAL = [
    "Action",
    "Adventure",
    "Animation",
    "Biography",
    "Comedy",
    "Crime",
    "Dance",
    "Disaster",
    "Documentary",
    "Drama",
    "Family",
    "Fantasy",
    "History",
    "Horror",
    "Independent",
    "Legal",
    "Music",
    "Musical",
    "Mystery",
    "News",
    "Performance",
    "Political",
    "Romance",
    "Satire",
    "Short",
    "Silent",
    "Slasher",
    "Sport",
    "Spy",
    "Supernatural",
    "Teen",
    "Thriller",
    "War",
    "Western",
]
_SYNONYMS = {
    "Science Fiction": "Sci-Fi;SF;Scifi;Science-Fiction;Sci Fi",
    "Film Noir": "Film-Noir;Noir",
    "Martial Arts": "Kung Fu",
    "Found Footage": "",
    "TV Movie": "Television Movie",
    "Reality": "Reality-TV;Reality TV",
    "Talk Show": "Talk-Show",
    "Game Show": "Game-Show",
    "Biography": "Biographical;Biopic",
    "Animation": "Animated",
    "Romance": "Romantic",
    "History": "Historical",
    "Sport": "Sports",
    "Music": "Concert",
}
# Not what a movie is like, but how or where it was made, or not for a family screen.
_NOT_GENRES = {"foreign", "liveaction", "erotic", "adult", "none", "na", "unknown", "other"}
_BY_KEY = {fold(name): name for name in [*_CANONICAL, *_SYNONYMS]} | {
    fold(other): name for name, others in _SYNONYMS.items() for other in others.split(";") if other
}
_READS = re.compile(r"[^\W\d_][\w &'/-]*")


@remembering
def genre(text: str) -> str | None:
    """The genre's one name; a genre nobody listed keeps its own; None for what is none."""
    text = plain(text)
    key = fold(text)
    if key in _BY_KEY:
        return _BY_KEY[key]
    if key in _NOT_GENRES or len(text) > LONGEST or not _READS.fullmatch(text):
        return None
    return text[:1].upper() + text[1:]
