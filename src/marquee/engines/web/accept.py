"""What a request would rather read: a page or JSON."""


def prefers_page(accept: bytes) -> bool:
    """Whether HTML is wanted, and JSON not wanted more; of two wanted alike the first counts."""
    accept = accept.lower()
    if b"text/html" not in accept:
        return False
    weights: dict[bytes, float] = {}
    for part in accept.split(b","):
        media, *parameters = (piece.strip() for piece in part.split(b";"))
        if media in {b"text/html", b"application/json"}:
            weights.setdefault(media, _weight(parameters))
    wanted = max(weights, key=weights.__getitem__, default=b"")
    return wanted == b"text/html" and weights[wanted] > 0


def _weight(parameters: list[bytes]) -> float:
    for parameter in parameters:
        if parameter.startswith(b"q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 1.0
    return 1.0
