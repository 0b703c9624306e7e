"""GRASS, the classic Browser's style sheet, from the declarations: colours by measure, sizes by membership.

In: the looks in :mod:`model`. Out: the text of ``queries/browser/style.grass``.
"""

from __future__ import annotations

from graphscan.graphstore.cypher import LOAD_LABEL
from graphscan.graphstore.declarations import Look
from graphscan.graphstore.model import NODES, RELATIONSHIPS


def style_rules() -> dict[str, dict[str, str]]:
    """Return the style by selector; marks come after their labels, because Browser lets later rules win."""
    rules = {"node": _node(Look("#A5ABB6", 40)), "relationship": _relationship(Look("#A5ABB6", 1, "<type>"))}
    rules[f"node.{LOAD_LABEL}"] = _node(Look("#C8CDD3", 60))
    rules |= {f"node.{node.label}": _node(node.look) for node in NODES}
    rules |= {f"node.{mark.label}": _node(mark.look) for node in NODES for mark in node.marks}
    for relationship in RELATIONSHIPS:
        rules.setdefault(f"relationship.{relationship.type}", _relationship(relationship.look))
    return rules


def style_sheet() -> str:
    """Return the style as a sheet that ``:style`` takes, or that is dropped onto Browser."""
    return "\n".join(_rule(selector, lines) for selector, lines in style_rules().items())


def _node(look: Look) -> dict[str, str]:
    return {
        "color": look.colour,
        "border-color": _darker(look.colour),
        "border-width": "2px",
        "text-color-internal": "#FFFFFF" if _luminance(look.colour) < 150 else "#222222",
        "font-size": "10px",
        "diameter": f"{look.pixels}px",
        "caption": look.caption,
    }


def _relationship(look: Look) -> dict[str, str]:
    return {
        "color": look.colour,
        "shaft-width": f"{look.pixels}px",
        "font-size": "8px",
        "padding": "3px",
        "text-color-external": "#222222",
        "text-color-internal": "#FFFFFF",
        "caption": look.caption,
    }


def _rule(selector: str, lines: dict[str, str]) -> str:
    told = (f"  {name}: {_quoted(name, value)};\n" for name, value in lines.items())
    return "".join((f"{selector} {{\n", *told, "}\n"))


def _quoted(name: str, value: str) -> str:
    return f"'{value}'" if name == "caption" else value


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    """Return how light a colour is, 0 to 255, by the weights of ITU-R BT.601."""
    red, green, blue = _parts(colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _darker(colour: str) -> str:
    return "#" + "".join(f"{part * 4 // 5:02X}" for part in _parts(colour))
