"""Contact tokens: where a text sends its readers, in one spelling per place, worked out offline.

In: texts as they came. Out: tokens such as ``wechat:abc_123``, ``phone:13812345678``, ``short:xhslink.com/a/Xy``,
``product:taobao/634``, ``shop:taobao/99``. Nothing is looked up: a short link stays a short link. Ids spelt out in
words or with spaces between letters are not recognised. A token is personal: show it through :func:`mask_contact`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

from graphscan.texts.lookalikes import LOOK_ALIKES

_WECHAT_NAME = r"(?:微信号?|薇信|威信|徽信|v信|微|薇|卫星|加v|(?<![a-z])(?:wechat|weixin|vx|wx|v)(?![a-z_]))"
_BETWEEN = r"\s*(?:号|id|同号)?[\s:=+_➕]{0,4}"
_WECHAT = re.compile(
    rf"{_WECHAT_NAME}{_BETWEEN}(?<![a-z0-9])([a-z][a-z0-9_-]{{5,19}}|1[3-9]\d{{9}})(?![a-z0-9_])",
    re.IGNORECASE,
)
_WECHAT_RAW = re.compile(r"(?<![a-z0-9_])(wxid_[a-z0-9]{6,24})(?![a-z0-9_])", re.IGNORECASE)
_QQ = re.compile(r"(?:(?<![a-z])qq|扣扣|企鹅)(?:群|号)?[\s:=+]{0,4}([1-9]\d{4,10})(?!\d)", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\da-z_])(?:\+?86[\s-]?)?(1[3-9]\d[\s-]?\d{4}[\s-]?\d{4})(?!\d)", re.IGNORECASE)
_TAOBAO_CODE = re.compile(r"[¥$€₳₰¢₤(/]([A-Za-z0-9]{11})[¥$€₳₰¢₤)/]")  # the pasteboard codes of Taobao
_URL = re.compile(r"(?:https?://|(?<![a-z0-9_.@/-])(?=[a-z0-9-]+(?:\.[a-z0-9-]+)+/))[\x21-\x7e]+", re.IGNORECASE)

CONTACT = re.compile("|".join(f"(?:{p.pattern})" for p in (_WECHAT, _WECHAT_RAW, _QQ, _PHONE)), re.IGNORECASE)
"""Anything that reads as an id or number to reach somebody by; in a matching form it is one slot."""

_ALIKE = r"0-9A-Za-z\u00b2-\u00b9\u0250-\u058f\u1d00-\u1d7f\u2070-\u214f\u2460-\u24ff\ua730\ua731\uff10-\uff5a\U0001d400-\U0001f1ff"
MAY_HOLD = re.compile(rf"(?:[{_ALIKE}][^{_ALIKE}]*){{5}}")
"""Five letters or digits, or what normalises to one: no contact has fewer, and most short Chinese texts do."""

SHORT_HOSTS = frozenset(
    [
        "xhslink.com",
        "t.cn",
        "url.cn",
        "dwz.cn",
        "dwz.mk",
        "suo.im",
        "suo.nz",
        "sourl.cn",
        "v.douyin.com",
        "m.tb.cn",
        "s.click.taobao.com",
        "u.jd.com",
        "b23.tv",
        "p.pinduoduo.com",
        "bit.ly",
        "tinyurl.com",
        "t.co",
        "is.gd",
    ]
)
_PRODUCT_KEYS = ("id", "itemid", "goods_id", "goodsid", "item_id", "sku", "skuid", "product_id")
_PRODUCT_PATH = re.compile(
    r"/(?:item|items|goods|goods-detail|product|products|sku|detail)s?/([\w-]*\d[\w-]*)(?:\.html?)?$"
)
_SHOP_HOST = re.compile(r"^shop(\d+)\.(taobao|tmall)\.com$")
_SHOP_PATH = re.compile(r"/(?:shop|store|vendor|index)[/-]([\w-]*\d[\w-]*)(?:\.html?)?$")


def contacts_of(text: str) -> tuple[str, ...]:
    """Return the distinct tokens of one text, sorted.

    >>> contacts_of("加我ＶＸ：Lucky_88 或 138-1234-5678")
    ('phone:13812345678', 'wechat:lucky_88')
    """
    if not MAY_HOLD.search(text):
        return ()
    visible = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Co"))
    plain = unicodedata.normalize("NFKC", visible.translate(LOOK_ALIKES))
    found = {token for read in _READERS for token in read(plain)}
    return tuple(sorted(found))


def mask_contact(token: str) -> str:
    """Return a token with the middle of its value hidden, for pages and sentences.

    >>> mask_contact("phone:13812345678")
    'phone:13…78'
    """
    kind, _, value = token.partition(":")
    return f"{kind}:{value[:2]}…{value[-2:]}" if kind in ("wechat", "qq", "phone") else token


def _wechats(text: str) -> Iterator[str]:
    for pattern in (_WECHAT, _WECHAT_RAW):
        yield from (f"wechat:{m.group(1).lower()}" for m in pattern.finditer(text))


def _qqs(text: str) -> Iterator[str]:
    yield from (f"qq:{m.group(1)}" for m in _QQ.finditer(text))


def _phones(text: str) -> Iterator[str]:
    yield from (f"phone:{re.sub(r'[^0-9]', '', m.group(1))}" for m in _PHONE.finditer(text))


def _codes(text: str) -> Iterator[str]:
    yield from (f"taobao-code:{m.group(1)}" for m in _TAOBAO_CODE.finditer(text) if not m.group(1).isdigit())


def _addresses(text: str) -> Iterator[str]:
    for match in _URL.finditer(text):
        token = _of_address(match.group().rstrip(".,;!?)'\""))
        if token:
            yield token


_READERS: tuple[Callable[[str], Iterator[str]], ...] = (_wechats, _qqs, _phones, _codes, _addresses)


def _of_address(address: str) -> str:
    """Return the token of an address, empty when it leads to no product, shop or short link."""
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:  # an address nobody can resolve, such as http://[x
        return ""
    path = parts.path.rstrip("/")
    if host in SHORT_HOSTS:
        return f"short:{host}{path}" if path else ""
    return _of_shop(host, path) or _of_product(host, path, parts.query)


def _of_shop(host: str, path: str) -> str:
    if found := _SHOP_HOST.match(host):
        return f"shop:{found.group(2)}/{found.group(1)}"
    if found := _SHOP_PATH.search(path):
        return f"shop:{_site(host)}/{found.group(1)}"
    return ""


def _of_product(host: str, path: str, query: str) -> str:
    given = {key.lower(): values[0] for key, values in parse_qs(query).items()}
    for key in _PRODUCT_KEYS:
        if any(c.isdigit() for c in given.get(key, "")):
            return f"product:{_site(host)}/{given[key]}"
    if found := _PRODUCT_PATH.search(path):
        return f"product:{_site(host)}/{found.group(1)}"
    bare = re.search(r"^/(\d{5,})\.html?$", path)
    return f"product:{_site(host)}/{bare.group(1)}" if bare else ""


def _site(host: str) -> str:
    """Return a shop's site without the machine: item.taobao.com and m.taobao.com are one; Tmall sells Taobao's items."""
    labels = host.split(".")
    name = labels[-2] if len(labels) >= 2 else host
    if name in ("com", "net", "org") and len(labels) >= 3:  # .com.cn
        name = labels[-3]
    return "taobao" if name == "tmall" else name if name in _SITES else host


_SITES = frozenset({"taobao", "jd", "xiaohongshu", "pinduoduo", "yangkeduo", "weidian", "1688", "kaola", "vip"})
