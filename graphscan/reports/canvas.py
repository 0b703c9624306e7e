"""From a drawing to the bytes of an SVG: the same bytes on every machine, text kept as text in any script.

In: a function that draws on a figure. Out: SVG text. Matplotlib lays text out with its own DejaVu font, which
has no Chinese; so whatever comes from the data is drawn as a short token and put back, escaped, into the
finished SVG, where the reader's browser has the fonts. On screen (:func:`on_screen`) an installed CJK font is
used instead.
"""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from xml.sax.saxutils import escape

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from PIL import Image  # matplotlib writes its own PNG files with it, so that it is always there

from graphscan.reports.words import label

Write = Callable[[str], str]
"""Turns a text of the data into the text that is drawn."""

CSS_FONTS = (
    "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, 'Noto Sans', 'Noto Sans CJK SC', 'Source Han Sans SC', "
    "'PingFang SC', 'Microsoft YaHei', 'WenQuanYi Micro Hei', SimHei, sans-serif"
)
"""Font families of pages and pictures: the reader's own sans-serif, then the common Chinese ones."""

CJK_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans CJK JP",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "PingFang SC",
    "SimHei",
    "Heiti SC",
    "Arial Unicode MS",
)
"""Fonts with Chinese glyphs by the names under which systems install them, the plainest first."""

PICTURE_DPI = 88
"""Dots per inch in a notebook: as wide as the page."""
COLOURS_KEPT = 64
"""Colours of a picture in a notebook: nothing is seen of it, and the file is a third as large (measured)."""

_BASE_FONT = "DejaVu Sans"
_STYLE: Any = {
    "font.family": [_BASE_FONT],
    "font.size": 9.0,
    "svg.fonttype": "none",
    "svg.hashsalt": "graphscan",
    "text.parse_math": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#9aa3ad",
    "axes.labelcolor": "#3d4650",
    "xtick.color": "#3d4650",
    "ytick.color": "#3d4650",
    "text.color": "#1c2329",
}
_PLAIN = re.compile(r"[A-Za-z0-9_./: -]*")
_TOKEN = re.compile(r"qz(\d{5})zq")
_FONT_FAMILY = re.compile(r"font-family: [^;\"]*")
_FONT_SHORTHAND = re.compile(r"(font: [^;\"]*?)'DejaVu Sans'[^;\"]*")
_DOCTYPE = re.compile(r"<!DOCTYPE.*?>\n?", re.DOTALL)


class Texts:
    """The texts of one picture, each under the token that stands for it while matplotlib draws."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def write(self, text: str) -> str:
        """Keep a text of the data as a label and return its token; plain words stand for themselves."""
        short = label(text)
        if _PLAIN.fullmatch(short) and not _TOKEN.search(short):
            return short
        self._texts.append(short)
        return f"qz{len(self._texts) - 1:05d}zq"

    def restore(self, svg: str) -> str:
        """Put the texts back, escaped, in one pass: a text that looks like a token stays what it is."""
        return _TOKEN.sub(lambda found: escape(self._texts[int(found.group(1))]), svg)


def figure_of(axes: Axes) -> Figure:
    """Return the figure that axes stand in."""
    figure = axes.get_figure(root=True)
    if figure is None:
        raise ValueError("these axes stand in no figure")
    return figure


class PictureAxes(Axes):
    """Axes that show themselves in a notebook, as they are when the cell ends."""

    def _repr_png_(self) -> bytes:
        drawn, stream = io.BytesIO(), io.BytesIO()
        with house_style():
            figure_of(self).savefig(drawn, format="png", dpi=PICTURE_DPI)
        Image.open(drawn).convert("RGB").quantize(COLOURS_KEPT).save(stream, "PNG")
        return stream.getvalue()


@contextmanager
def house_style() -> Iterator[None]:
    """Draw with matplotlib's defaults and ours on top, whatever the user's own settings are."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        yield


def svg_of(size: tuple[float, float], draw: Callable[[Axes, Write], object]) -> str:
    """Return the SVG of a picture of ``size`` inches; ``draw`` gets fresh axes and the way to write data."""
    texts = Texts()
    with house_style():
        figure = Figure(figsize=size)
        FigureCanvasSVG(figure)
        draw(figure.add_axes((0, 0, 1, 1)), texts.write)
        stream = io.StringIO()
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return texts.restore(_plain(stream.getvalue()))


def _plain(svg: str) -> str:
    named = _FONT_FAMILY.sub(f"font-family: {CSS_FONTS}", _DOCTYPE.sub("", svg))
    return _FONT_SHORTHAND.sub(lambda found: found.group(1) + CSS_FONTS, named)


def on_screen(axes: Axes | None, size: tuple[float, float], draw: Callable[[Axes, Write], object]) -> Axes:
    """Draw on the given axes, or on those of a new figure that no pyplot state knows of; return the axes."""
    with house_style():
        mpl.rcParams["font.family"] = screen_fonts()
        if axes is None:
            figure = Figure(figsize=size)
            FigureCanvasAgg(figure)
            axes = PictureAxes(figure, (0, 0, 1, 1))
            figure.add_axes(axes)
        draw(axes, _drawable)
    return axes


@functools.cache
def screen_fonts() -> list[str]:
    """Return the font families to draw with on this machine: the base font and an installed Chinese one."""
    installed = {entry.name for entry in font_manager.fontManager.ttflist}
    return [_BASE_FONT, *[name for name in CJK_FONTS if name in installed][:1]]


@functools.cache
def _glyphs(family: str) -> frozenset[int]:
    return frozenset(FT2Font(font_manager.findfont(family)).get_charmap())


def _drawable(text: str) -> str:
    """Return a label in which characters that no font here can draw are shown as boxes."""
    return known_glyphs(label(text), screen_fonts())


def known_glyphs(text: str, families: Sequence[str]) -> str:
    """Replace each character that none of the font families has by □, which the base font has."""
    return "".join(c if any(ord(c) in _glyphs(name) for name in families) else "□" for c in text)
