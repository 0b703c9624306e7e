"""The review site over a real ledger and real HTTP: what it shows, what it does, and all that it refuses."""

import contextlib
import http.client
import re
import threading
from html.parser import HTMLParser
from urllib.parse import quote, urlencode

import pytest

from graphscan.casework.queue import Filter, queue_of
from graphscan.casework.site import ReviewSite
from graphscan.casework.site_requests import REVIEWER, Refusal, body_length, fields_of, host_name, reviewer_in
from graphscan.casework.site_server import door_of, serving
from graphscan.errors import OutsideError, SettingsError
from graphscan.ledger.runs import read_shipped_policy

from ..ledger import made
from . import told

FORM = "application/x-www-form-urlencoded"
BAD = '"><script>alert(1)</script><img src=x onerror=alert(2)>\u202e{{7*7}}'


class Talk:
    """Speaks HTTP to a site, by hand."""

    def __init__(self, address, door):
        self.netloc, self.key = address.removeprefix("http://").rstrip("/"), door.key

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection(self.netloc, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with contextlib.closing(connection):
            connection.request(method, path, body=body, headers=named)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode("utf-8", "replace")

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def post(self, path, headers=None, **fields):
        body = urlencode({"key": self.key, **fields})
        return self.ask("POST", path, body, **{"Content_Type": FORM, **(headers or {})})


CLOCK = made.Clock()
"""One for all: the ledger's instants only have to rise."""


@pytest.fixture
def ledger(tmp_path):
    rows = [
        made.decision("u-ban", "ban"),
        made.decision("u-limit", "limit"),
        made.decision(BAD, "limit", cluster=None),
        made.decision("u-warn", "warn", cluster=None),
        made.decision("u-thin", "ban", families=("B1",)),
    ]
    with made.opened(tmp_path / "ledger.db", CLOCK) as ledger:
        ledger.propose(made.run(tmp_path / "run", rows), mode="live", proposer="graphscan", canary_share=1.0)
        yield ledger


@pytest.fixture
def site(ledger):
    door = door_of("127.0.0.1", None)
    with serving(ReviewSite(ledger, door), door) as address:
        yield Talk(address, door)


def one(ledger, account):
    (found,) = ledger.decisions(account=account)
    return found.decision_id


def applied_ban(ledger):
    """Bring the ban to APPLIED through the ledger's own steps."""
    made.without_caps(ledger)
    name = one(ledger, "u-ban")
    ledger.approve(name, "anna", "seen")
    ledger.approve(name, "boris", "seen")
    CLOCK.forward(hours=25)
    ledger.apply(ledger.plan("anna"), made.Platform())
    ledger.read_policy = read_shipped_policy
    assert ledger.decision(name).state == "APPLIED"
    return name


# ── what it shows ──


def test_the_queue_shows_the_gravest_first(site):
    status, _, html = site.get("/")
    assert status == 200
    assert html.index("u-ban") < html.index("u-limit")
    assert "u-warn" not in html
    assert "u-warn" in site.get("/?state=all")[2]
    assert "u-ban" not in site.get("/?measure=limit_distribution")[2]
    assert "u-limit" in site.get("/?cluster=c1")[2]
    assert "Nothing in the ledger answers" in site.get("/?cluster=nowhere")[2]


def test_older_comes_first_among_equals():
    young, old = (
        told.decision(decision_id="a", proposed_at=told.iso(3)),
        told.decision(decision_id="b", proposed_at=told.iso(1)),
    )
    limit = told.limited(decision_id="c", state="IN_REVIEW", proposed_at=told.iso(0))
    assert [d.decision_id for d in queue_of([limit, young, old], Filter())] == ["b", "a", "c"]


def test_a_case_shows_the_evidence_and_a_form(site, ledger):
    status, _, html = site.get(f"/case?id={one(ledger, 'u-ban')}")
    assert status == 200
    assert "Account u-ban posted by tool." in html
    assert 'action="/approve"' in html
    assert "It is old." in html


def test_a_run_that_changed_since_is_not_shown(site, ledger, tmp_path):
    name = one(ledger, "u-ban")
    (tmp_path / "run" / "run.json").write_text('{"outputs": {}, "changed": true}')
    assert "is not the one this decision rests on" in site.get(f"/case?id={name}")[2]


def test_a_table_that_changed_since_is_not_shown(site, ledger, tmp_path):
    name, file = one(ledger, "u-ban"), tmp_path / "run" / "rows.parquet"
    file.write_bytes(file.read_bytes() + b"x")
    assert "rows.parquet is not the file that run.json names" in site.get(f"/case?id={name}")[2]


def test_notices_and_statements_are_served(site, ledger):
    name = one(ledger, "u-limit")
    assert "About your account" in site.get(f"/notice?id={name}&language=en")[2]
    status, _, html = site.get(f"/statement?id={name}")
    assert (status, "a statement is made when it took effect" in html) == (404, True)
    assert site.get(f"/notice?id={name}&language=fr")[0] == 404


# ── what it does ──


def test_two_people_approve_a_ban(site, ledger):
    name = one(ledger, "u-ban")
    status, headers, _ = site.post("/approve", id=name, who="anna", note="seen")
    assert (status, headers["Location"]) == (303, f"/case?id={name}&done=approve")
    assert REVIEWER in headers["Set-Cookie"]
    assert "SameSite=Strict" in headers["Set-Cookie"]
    assert "HttpOnly" in headers["Set-Cookie"]
    assert ledger.decision(name).state == "IN_REVIEW"
    status, _, html = site.post("/approve", id=name, who="Anna", note="")
    assert status == 409
    assert "has approved it already; another person must" in html
    assert site.post("/approve", id=name, who="boris")[0] == 303
    assert ledger.decision(name).state == "APPROVED"
    assert ledger.verify().ok
    assert "Your approval is written into the ledger." in site.get(f"/case?id={name}&done=approve")[2]


def test_a_rejection_needs_a_note(site, ledger):
    name = one(ledger, "u-limit")
    status, _, html = site.post("/reject", id=name, who="anna", note=" ")
    assert (status, "a note is required" in html) == (409, True)
    assert site.post("/reject", id=name, who="anna", note="a school class\r\nasked its teacher")[0] == 303
    found = ledger.decision(name)
    assert found.state == "REJECTED"
    assert found.approvals[0].note == "a school class\nasked its teacher"


def test_a_blocked_one_is_brought_before_people(site, ledger):
    name = one(ledger, "u-thin")
    assert ledger.decision(name).state == "BLOCKED"
    assert "Bring it before people" in site.get(f"/case?id={name}")[2]
    assert site.post("/route", id=name, who="anna", note="look")[0] == 303
    assert ledger.decision(name).state == "IN_REVIEW"
    status, _, html = site.post("/approve", id=name, who="boris", note="sure")
    assert (status, "a ban needs 2 families of evidence" in html) == (409, True)


def test_an_appeal_is_answered_by_somebody_else(site, ledger):
    name = applied_ban(ledger)
    appeal = ledger.open_appeal(name, "u-ban", f"我是人 {BAD}", [("截图.html", b"<script>alert(1)</script>")])
    assert "我是人" in site.get("/appeals")[2]
    html = site.get(f"/case?id={name}")[2]
    assert "An appeal is open" in html
    assert "<script" not in html
    (link,) = re.findall(r'href="(/attachment[^"]+)"', html)
    status, headers, content = site.get(link.replace("&amp;", "&"))
    assert (status, content) == (200, "<script>alert(1)</script>")
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E6%88%AA")
    status, _, html = site.post("/overturn", appeal=appeal.appeal_id, who="anna", reason="victim", note="")
    assert (status, "somebody else must answer" in html) == (409, True)
    assert site.post("/overturn", appeal=appeal.appeal_id, who="chen", reason="victim", note="")[0] == 303
    assert ledger.appeal(appeal.appeal_id).state == "OVERTURNED"
    assert ledger.decision(name).state == "REVERSING"


def test_an_upheld_appeal_needs_a_note(site, ledger):
    appeal = ledger.open_appeal(applied_ban(ledger), "u-ban", "我是人")
    assert site.post("/uphold", appeal=appeal.appeal_id, who="chen", note="")[0] == 409
    assert site.post("/uphold", appeal=appeal.appeal_id, who="chen", note="seen again")[0] == 303
    assert ledger.appeal(appeal.appeal_id).state == "UPHELD"
    assert site.get("/appeals?state=UPHELD")[2].count("UPHELD") >= 2


def test_a_name_is_remembered_and_proves_nothing(site, ledger):
    html = site.get(f"/case?id={one(ledger, 'u-ban')}", Cookie=f"{REVIEWER}={quote(BAD)}")[2]
    assert "&#34;&gt;&lt;script&gt;alert(1)" in html
    assert "<script" not in html
    assert reviewer_in(f"{REVIEWER}={quote('陈')}; x=1") == "陈"
    assert reviewer_in("x") == ""


# ── what it refuses ──


def test_another_name_is_not_answered(site):
    """DNS rebinding: the browser believes that evil.example lies on this machine."""
    for host in ("evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example", "", "[::1].x"):
        assert site.get("/", Host=host)[0] in (400, 421), host
    for host in ("localhost", "LOCALHOST:1234", "127.0.0.1", "[::1]:80"):
        assert site.get("/", Host=host)[0] == 200, host
    assert host_name("::1") == "::1"


def test_no_step_without_the_key_of_the_form(site, ledger):
    name = one(ledger, "u-limit")
    for key in ("", "0" * 64, site.key[:-1], site.key.upper() + "x"):
        assert site.post("/approve", id=name, who="anna", key=key)[0] == 403
    assert site.post("/approve", {"Origin": "https://evil.example"}, id=name, who="anna")[0] == 403
    assert site.post("/approve", {"Origin": "null"}, id=name, who="anna")[0] == 403
    assert site.post("/approve", {"Sec_Fetch_Site": "cross-site"}, id=name, who="anna")[0] == 403
    assert site.get(f"/approve?{urlencode({'id': name, 'who': 'anna', 'key': site.key})}")[0] == 405
    assert ledger.decision(name).approvals == ()
    assert site.post("/approve", {"Origin": f"http://{site.netloc}"}, id=name, who="anna")[0] == 303


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_other_methods_are_refused(site, method):
    assert site.ask(method, "/")[0] in (405, 501)


def test_forms_of_another_kind_or_size_are_refused(site, ledger):
    for kind in ("text/plain", "multipart/form-data; boundary=x", "application/json", ""):
        assert site.ask("POST", "/approve", "{}", Content_Type=kind)[0] == 415
    assert site.ask("POST", "/approve", "x=" + "a" * 70_000, Content_Type=FORM)[0] == 413
    assert site.ask("POST", "/approve", "id=%ff&who=a", Content_Type=FORM)[0] == 400
    assert site.ask("POST", "/approve", "&".join(f"a{n}=1" for n in range(30)), Content_Type=FORM)[0] == 400
    assert site.ask("POST", "/approve", f"key={site.key}&key={site.key}", Content_Type=FORM)[0] == 400
    assert site.post("/approve", id="", who="anna")[0] == 400
    assert site.post("/approve", id=one(ledger, "u-limit"), who="")[0] == 400
    for head in (
        {"Content-Type": FORM},
        {"Content-Type": FORM, "Content-Length": "-1"},
        {"Content-Type": FORM, "Content-Length": "²"},
    ):
        with pytest.raises(Refusal, match="length"):
            body_length(head)


@pytest.mark.parametrize(
    "path",
    ["/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/case/../x", "/site.py", "/templates/case.html.j2", "/CASE",
     "/case%00", "/favicon.ico"],
)  # fmt: skip
def test_nothing_is_read_by_its_path(site, path):
    status, _, html = site.get(path)
    assert status == 404
    assert "root:" not in html


def test_an_unknown_id_is_one_sentence(site):
    status, _, html = site.get("/case?id=nope")
    assert status == 404
    assert "nope" in html
    assert "Traceback" not in html


def acting(html):
    """The names of tags and attributes by which a page could act, as a parser of HTML sees them."""
    found = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.extend(name for name, _ in attrs if name.startswith("on") or name in ("style", "srcdoc"))
            found.extend([tag] if tag in ("script", "img", "svg", "iframe", "object", "base", "b", "link") else [])

    Reader().feed(html)
    return found


def test_the_reader_sees_what_acts():
    assert acting("<p onclick='x'><script>1</script>") == ["onclick", "script"]


def payloads():
    """Two hundred hostile texts: markup, addresses, directions, formulas, templates, encodings, each in several frames."""
    cores = (
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "javascript:alert(1)",
        "' onmouseover='alert(1)", '" autofocus onfocus="alert(1)', "</textarea><script>alert(1)</script>", "</style><b>",
        "{{7*7}}", "{% raw %}", "${7*7}", "]]>", "<!--", "\u202ehtml.exe", "\u2066x\u2069", "=cmd()|'/C calc'!A0",
        "\x1b[31m", "\x00", "\ufeff", "../../etc/passwd", "%0d%0aSet-Cookie: a=b", "\r\nX: y",
        "&lt;script&gt;", "&#60;script&#62;", "加微信",
    )  # fmt: skip
    frames = ("{}", "a{}b", "{}{}", "\n{}", "<p title='{}'>", "{} " * 5, "\u2028{}", "%3C{}")
    return [frame.replace("{}", core) for core in cores for frame in frames]


def test_two_hundred_hostile_texts_are_inert(site):
    texts = payloads()
    assert len(texts) == 200
    for text in texts:
        for path in (
            f"/?{urlencode({'cluster': text, 'state': text, 'measure': text})}",
            f"/case?{urlencode({'id': text, 'done': text})}",
        ):
            status, headers, html = site.get(path)
            assert status in (200, 404)
            assert "X" not in headers
            assert headers.get("Set-Cookie") is None
            assert not re.search(r"<(script|img|svg|iframe|b)\b|[\u202e\u2066\x00\x1b]", html), ascii(text)
            assert acting(html) == [], ascii(text)
        assert fields_of(urlencode({"a": text})) == {"a": text}


def test_hostile_texts_in_notes_are_kept_and_inert(site, ledger):
    name = one(ledger, "u-ban")
    assert site.post("/approve", id=name, who="anna", note=BAD)[0] == 303
    html = site.get(f"/case?id={name}")[2]
    assert "<script" not in html
    assert "\u202e" not in html
    assert ledger.decision(name).approvals[0].note == BAD
    odd = one(ledger, BAD)
    assert site.get(f"/case?id={odd}")[0] == 200


def test_every_answer_has_its_headers(site):
    for path in ("/", "/appeals", "/nowhere"):
        headers = site.get(path)[1]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert not any(name.startswith("Access-Control") for name in headers)


def test_no_page_needs_a_script_or_anything_from_outside(site, ledger):
    for path in ("/", "/appeals", f"/case?id={one(ledger, 'u-ban')}"):
        html = site.get(path)[2]
        assert not re.search(r"<(script|link|iframe|object)\b|https?://(?!platform\.example)|url\(", html)


def test_beyond_this_machine_a_token_is_needed(ledger):
    with pytest.raises(SettingsError, match=r"host '0.0.0.0' can be reached from other machines"):
        door_of("0.0.0.0", None)
    door = door_of("0.0.0.0", "a-token-of-tests-only", ("review.example",))
    with serving(ReviewSite(ledger, door), door) as address:
        talk = Talk(address, door)
        status, headers, _ = talk.get("/")
        assert (status, headers["WWW-Authenticate"].startswith("Basic")) == (401, True)
        for wrong in ("Basic YTpi", "Basic !!", "Bearer x", "Basic"):
            assert talk.get("/", Authorization=wrong)[0] == 401
        right = "Basic YTphLXRva2VuLW9mLXRlc3RzLW9ubHk="
        assert talk.get("/", Authorization=right)[0] == 200
        assert talk.get("/", Authorization=right, Host="review.example")[0] == 200
        assert talk.get("/", Authorization=right, Host="other.example")[0] == 421


def test_a_taken_port_is_told(site, ledger):
    door = door_of("127.0.0.1", None)
    with (
        pytest.raises(OutsideError, match="cannot be listened on"),
        serving(ReviewSite(ledger, door), door, port=int(site.netloc.rpartition(":")[2])),
    ):
        pass


def test_many_at_once_are_answered(site, ledger):
    name, found = one(ledger, "u-ban"), []
    threads = [threading.Thread(target=lambda: found.append(site.get(f"/case?id={name}")[0])) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [200] * 6


def test_a_fault_inside_is_told_here_and_in_the_terminal(capfd):
    def faulty(request):
        raise ZeroDivisionError("a fault")

    door = door_of("127.0.0.1", None)
    with serving(faulty, door) as address:
        status, _, html = Talk(address, door).get("/")
    assert (status, "Something inside failed" in html, "ZeroDivisionError" in html) == (500, True, False)
    assert "ZeroDivisionError: a fault" in capfd.readouterr().err
