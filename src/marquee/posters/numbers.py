"""Numbers as short as SVG takes them."""


def short(value: float) -> str:
    """One decimal at most, no zero before the point."""
    text = f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return _bare(text)


def fine(value: float) -> str:
    """Three decimals, for scales."""
    return _bare(f"{value:.3f}".rstrip("0").rstrip("."))


def _bare(text: str) -> str:
    if text in {"-0", "", "0"}:
        return "0"
    if text.startswith("0."):
        return text[1:]
    return f"-{text[2:]}" if text.startswith("-0.") else text
