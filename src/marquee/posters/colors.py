"""Colors as the eye weighs them (WCAG 2)."""

READABLE = 4.5
BLACK, WHITE = "#0d0c0b", "#fbf7ee"
Colors = list[str]


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def ink(ground: str, *candidates: str) -> str:
    """The first candidate that can be read on the ground, else the better of black and white."""
    for color in candidates:
        if contrast(ground, color) >= READABLE:
            return color
    return max((BLACK, WHITE), key=lambda color: contrast(ground, color))
