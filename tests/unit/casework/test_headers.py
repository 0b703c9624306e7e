"""Names of headers know no case: what a check looks for is found however a proxy writes it."""

import http.client
from contextlib import contextmanager

import pytest

from graphscan.casework.site_requests import Answer
from graphscan.casework.site_server import door_of, serving


@contextmanager
def site(seen):
    door = door_of("127.0.0.1", None)

    def answering(request):
        seen.append(request.path)
        return Answer(200, b"done")

    with serving(answering, door) as address:
        yield door, address.split("/")[2]


@pytest.mark.parametrize(
    ("name", "value"),
    [("origin", "https://evil.example"), ("ORIGIN", "null"), ("sec-fetch-site", "cross-site")],
)
def test_a_form_of_another_site_is_refused_however_its_headers_are_written(name, value):
    seen = []
    with site(seen) as (door, netloc):
        for headers, status in (({}, 200), ({name: value}, 403)):
            connection = http.client.HTTPConnection(netloc, timeout=10)
            kind = {"content-type": "application/x-www-form-urlencoded", **headers}
            connection.request("POST", "/approve", f"key={door.key}", kind)
            assert connection.getresponse().status == status
            connection.close()
    assert seen == ["/approve"]
