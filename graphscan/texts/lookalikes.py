"""Look-alikes: letters of other scripts that are drawn as Latin ones, and signs that are drawn as nothing.

In: nothing. Out: one table for :meth:`str.translate`. A small part of Unicode's security data (UTS #39, confusables: single letters
of Cyrillic, Greek, Armenian and the small capitals whose prototype is an ASCII letter), kept to what is seen in contact ids and in words
written to slip past filters. Compared are only letters: what a person wrote is shown as it came.
"""

from __future__ import annotations

_PAIRS = (
    ("АВЕКМНОРСТУХІЈЅԀԌԚԜҮҺ", "ABEKMHOPCTYXIJSDGQWYH"),
    ("авекмнорстухіјѕԁԍԛԝүһӏ", "abekmhopctyxijsdgqwyhl"),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
    ("αγηικνορυχω", "aynikvopuxw"),
    ("ՕօոսցհՏ", "OonughS"),
    ("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɑɡı", "ABCDEFGHIJKLMNOPRSTUVWYZagi"),
)

INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Drawn as nothing, though their category is letter, mark or symbol; format characters (Cf) are known by their category."""

LOOK_ALIKES: dict[int, str | None] = {
    **{ord(a): b for drawn, plain in _PAIRS for a, b in zip(drawn, plain, strict=True)},
    **dict.fromkeys(map(ord, INVISIBLE)),
}
