"""Valkey stops and comes back empty: people go on, a banner says that work is late, and all of it is done once."""

import http.cookiejar
import re
import urllib.parse
import urllib.request

import pytest

from tests.faults.installation import until

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]


class Browser:
    """Keeps cookies, fills the form of signing in."""

    def __init__(self, own):
        self.site = f"http://localhost:{own.port}"
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def get(self, path):
        with self.opener.open(self.site + path, timeout=30) as got:
            return got.read().decode()

    def sign_in(self, email, password):
        page = self.get("/account/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        data = urllib.parse.urlencode({"login": email, "password": password, "csrfmiddlewaretoken": token}).encode()
        asked = urllib.request.Request(self.site + "/account/login/", data, {"Referer": self.site})
        with self.opener.open(asked, timeout=30) as got:
            return got.url


@pytest.mark.parametrize("packs", [2, pytest.param(12, marks=pytest.mark.long)])
def test_stopped_and_emptied(own, chance, packs):
    # No worker dies here: a lease shorter than a section takes on a busy machine would let a second one begin it.
    own.env["JOB_LEASE_SECONDS"] = "60"
    own.web()
    own.broker.stop()
    browser = Browser(own)
    assert "/account/login/" not in browser.sign_in(own.who["email"], own.who["password"])
    assert "Background work is delayed" in browser.get("/inbox/")
    body = {"title": "Audit pack", "unit": own.who["unit"]}
    made = [own.post("/api/v1/packs/", body) for _ in range(packs)]
    assert [answer.status for answer in made] == [202] * packs, made[0].text
    degraded = own.get("/health/ready").json()
    assert (degraded["ready"], list(degraded["degraded"])) == (True, ["broker"])

    own.broker.start()  # it forgets everything when it stops
    own.beat()
    for number in range(chance.randrange(1, 3)):
        own.worker(f"worker{number}")
    ended = "SELECT count(*) FROM aims_job WHERE state = 'done' AND task = 'evidence.render_pack'"
    until(lambda: own.rows(ended)[0][0] == packs, "every pack is built", own.words, seconds=60 + 10 * packs)
    states = own.rows(
        "SELECT p.state, j.attempts, p.blob_id IS NOT NULL FROM evidence_evidencepack p JOIN aims_job j ON j.id = p.job_id"
    )
    assert states == [("ready", 1, True)] * packs
    until(lambda: "Background work is delayed" not in browser.get("/inbox/"), "the banner is gone", own.words)
