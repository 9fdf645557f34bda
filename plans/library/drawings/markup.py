"""How is SVG text written so that nothing a person typed can become markup?"""

from html import escape


class Drawing(str):
    """SVG text whose every part was escaped while it was written; a template prints it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def element(tag: str, *children: object, **attributes: object) -> Drawing:
    """One element. Children are escaped unless they are drawings; an attribute of None is left out.

    `class_` becomes `class`, other underscores become hyphens, numbers lose needless digits.
    """
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(text_of(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    inside = "".join(child if isinstance(child, Drawing) else escape(text_of(child)) for child in children)
    return Drawing(f"<{tag}{written}>{inside}</{tag}>" if inside else f"<{tag}{written}/>")


def together(*parts: Drawing) -> Drawing:
    """Several drawings one after the other."""
    return Drawing("".join(parts))


def text_of(value: object) -> str:
    """Numbers to one decimal place without a trailing zero; anything else as it is."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
