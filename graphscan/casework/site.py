"""The review site: the queue, the case of a decision, appeals; and what people do there.

In: an open ledger and requests. Out: answers. Who may do what is the ledger's to say; a name is not a login. Nothing here changes
anything but through the ledger's own steps.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from graphscan.casework import APPEAL_ADDRESS
from graphscan.casework.case_file import case_file
from graphscan.casework.case_pages import laid_out
from graphscan.casework.environment import environment
from graphscan.casework.outcomes import notice_due
from graphscan.casework.queue import ALL, OPEN_STATES, Filter, measures, queue_of, states
from graphscan.casework.runs_behind import RunsBehind
from graphscan.casework.site_requests import REVIEWER, Answer, Door, Refusal, Request
from graphscan.casework.statements import statement_of_reasons
from graphscan.errors import GraphscanError
from graphscan.ledger import Ledger
from graphscan.ledger.appealing import REASONS
from graphscan.ledger.records import Appeal, Decision
from graphscan.reports.canvas import CSS_FONTS

MOST_LISTED = 500
"""Rows of the queue on one page; the filters narrow it."""

DONE: Mapping[str, str] = {
    "approve": "Your approval is written into the ledger.",
    "reject": "Your rejection is written into the ledger.",
    "route": "The decision is now before people.",
    "uphold": "The appeal is answered: the decision stands.",
    "overturn": "The appeal is answered: the decision is undone, and others that rest on it are checked again.",
}
"""What is said after each step."""

View = Callable[[Request], Answer]


class ReviewSite:
    """Answers requests from one ledger; threads may share it."""

    def __init__(self, ledger: Ledger, door: Door, appeal_address: str = APPEAL_ADDRESS) -> None:
        self._ledger, self._door, self._appeal_address = ledger, door, appeal_address
        self._runs = RunsBehind()
        self._drawing = threading.Lock()  # matplotlib's settings are one for all threads
        self._views: dict[tuple[str, str], View] = {
            ("GET", "/"): self._queue,
            ("GET", "/case"): self._case,
            ("GET", "/appeals"): self._appeals,
            ("GET", "/attachment"): self._attachment,
            ("GET", "/notice"): self._notice,
            ("GET", "/statement"): self._statement,
            ("POST", "/approve"): self._approve,
            ("POST", "/reject"): self._reject,
            ("POST", "/route"): self._route,
            ("POST", "/uphold"): self._uphold,
            ("POST", "/overturn"): self._overturn,
        }

    def __call__(self, request: Request) -> Answer:
        """Answer one request; Refusal when there is no such page, or the ledger refuses."""
        view = self._views.get((request.method, request.path))
        if view is None:
            known = any(path == request.path for _, path in self._views)
            raise Refusal(405 if known else 404, "That is not done here." if known else "There is no such page.")
        try:
            return view(request)
        except GraphscanError as error:
            raise Refusal(409 if request.method == "POST" else 404, str(error)) from None

    # ── pages ──

    def _queue(self, request: Request) -> Answer:
        wanted = Filter(
            state=request.fields.get("state", OPEN_STATES),
            measure=request.fields.get("measure", ALL),
            cluster=request.fields.get("cluster", ""),
        )
        everything = self._ledger.decisions()
        rows = queue_of(everything, wanted)
        return self._page(
            "queue.html.j2",
            request,
            wanted=wanted,
            rows=rows[:MOST_LISTED],
            left_out=max(len(rows) - MOST_LISTED, 0),
            counts=sorted(Counter(d.state for d in everything).items()),
            states=states(),
            measures=measures(),
            open_appeals=len(self._ledger.appeals(state="OPEN")),
            frozen=self._ledger.freezes(),
        )

    def _case(self, request: Request) -> Answer:
        decision = self._ledger.decision(_field(request.fields, "id"))
        run, lacking = self._runs.of(decision)
        appeals = self._ledger.appeals(decision=decision.decision_id)
        siblings = [] if decision.cluster_id is None else self._ledger.decisions(cluster=decision.cluster_id)
        entries = self._ledger.entries(decision.decision_id)
        told = case_file(decision, run, history=entries, appeals=appeals, siblings=siblings, lacking=lacking)
        with self._drawing:
            parts = laid_out(told, run, self._appeal_address)
        waiting = queue_of(self._ledger.decisions(), Filter())
        return self._page("site_case.html.j2", request, **parts, **self._forms(decision, appeals, waiting))

    def _forms(self, decision: Decision, appeals: list[Appeal], waiting: list[Decision]) -> dict[str, Any]:
        others = [d for d in waiting if d.decision_id != decision.decision_id and d.state == "IN_REVIEW"]
        return {
            "may_decide": decision.state == "IN_REVIEW",
            "may_route": decision.state == "BLOCKED",
            "open_appeal": next((a for a in appeals if a.state == "OPEN"), None),
            "reasons": REASONS,
            "following": others[0] if others else None,
        }

    def _appeals(self, request: Request) -> Answer:
        state = request.fields.get("state", "OPEN")
        found = self._ledger.appeals(state=None if state == ALL else state)
        rows = [(a, self._ledger.decision(a.decision_id)) for a in found[:MOST_LISTED]]
        left_out = max(len(found) - MOST_LISTED, 0)
        return self._page("appeals.html.j2", request, rows=rows, state=state, left_out=left_out)

    def _attachment(self, request: Request) -> Answer:
        """Give a file of an appeal as something to be kept, never to be shown in the site."""
        appeal = self._ledger.appeal(_field(request.fields, "appeal"))
        digest = _field(request.fields, "sha256")
        names = [f.name for f in appeal.attachments if f.sha256 == digest]
        content = self._ledger.attachment(appeal.appeal_id, digest)
        name = quote((names or ["file"])[0], safe="")
        return Answer(
            200,
            content,
            "application/octet-stream",
            {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
        )

    def _notice(self, request: Request) -> Answer:
        decision = self._ledger.decision(_field(request.fields, "id"))
        made = notice_due(
            decision,
            request.fields.get("language", "zh-CN"),
            history=self._ledger.entries(decision.decision_id),
            appeals=self._ledger.appeals(decision=decision.decision_id),
            appeal_address=self._appeal_address,
            run=self._runs.of(decision)[0],
        )
        return Answer(200, made.html().encode("utf-8"))

    def _statement(self, request: Request) -> Answer:
        decision = self._ledger.decision(_field(request.fields, "id"))
        made = statement_of_reasons(decision, run=self._runs.of(decision)[0])
        text = json.dumps(made, indent=2, sort_keys=True, ensure_ascii=False)
        return Answer(200, f"{text}\n".encode(), "application/json; charset=utf-8")

    def _page(self, template: str, request: Request, **told: Any) -> Answer:
        html = (
            environment()
            .get_template(template)
            .render(
                {"fonts": CSS_FONTS, **told},
                key=self._door.key,
                reviewer=request.reviewer,
                done=DONE.get(request.fields.get("done", "")),
            )
        )
        return Answer(200, html.encode("utf-8"))

    # ── steps ──

    def _approve(self, request: Request) -> Answer:
        form = request.form
        decision = self._ledger.approve(_field(form, "id"), who=_field(form, "who"), note=_note(form))
        return _after("approve", decision.decision_id, form)

    def _reject(self, request: Request) -> Answer:
        form = request.form
        decision = self._ledger.reject(_field(form, "id"), who=_field(form, "who"), note=_note(form))
        return _after("reject", decision.decision_id, form)

    def _route(self, request: Request) -> Answer:
        form = request.form
        decision = self._ledger.route_review(_field(form, "id"), who=_field(form, "who"), note=_note(form))
        return _after("route", decision.decision_id, form)

    def _uphold(self, request: Request) -> Answer:
        form = request.form
        appeal = self._ledger.uphold(_field(form, "appeal"), who=_field(form, "who"), note=_note(form))
        return _after("uphold", appeal.decision_id, form)

    def _overturn(self, request: Request) -> Answer:
        form, appeal_id = request.form, _field(request.form, "appeal")
        self._ledger.overturn(appeal_id, who=_field(form, "who"), reason=_field(form, "reason"), note=_note(form))
        return _after("overturn", self._ledger.appeal(appeal_id).decision_id, form)


def _field(fields: Mapping[str, str], name: str) -> str:
    """Return a field that must be there."""
    found = fields.get(name, "").strip()
    if not found:
        raise Refusal(400, f"The field {name!r} is empty; it must be given.")
    return found


def _note(form: Mapping[str, str]) -> str:
    return form.get("note", "").replace("\r\n", "\n").strip()


def _after(step: str, decision_id: str, form: Mapping[str, str]) -> Answer:
    """Lead back to the case, and remember the name."""
    where = f"/case?{urlencode({'id': decision_id, 'done': step})}"
    cookie = (
        f"{REVIEWER}={quote(form['who'].strip()[:80], safe='')}; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000"
    )
    return Answer(303, headers={"Location": where, "Set-Cookie": cookie})
