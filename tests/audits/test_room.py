"""The auditor's room: AC-20, and one external auditor from signing in to being locked out."""

import json
import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader
from rest_framework.permissions import SAFE_METHODS

from aims import clock, jobs
from aims.models import Reading, Record
from aims.trail import recording
from audits import services
from audits.drawing import draw
from audits.models import Sample
from evidence.models import EvidencePack
from evidence.services.rendering import render_pack
from inventory.models import AISystem
from organization.services.tokens import issue_token
from tests.factories import audits as make
from tests.factories import controls, evidence, impact, root_unit, unit
from tests.factories import risk as risks
from tests.factories.organization import sign_in_again

pytestmark = pytest.mark.django_db


def test_a_token_of_somebody_from_outside_only_reads(api_of, at):
    who = make.member(make.engagement())
    make.system()
    now = clock.now()
    _row, secret = issue_token(
        who, by=who, name="Reader", scopes=["read", "system.change"], expires_at=now + timedelta(days=60), at=now
    )
    api = api_of(token=secret)
    found = api.get("/api/v1/systems/").json()["results"]
    assert len(found) == 1
    for method in ("post", "put", "patch", "delete"):
        assert getattr(api, method)(f"/api/v1/systems/{found[0]['ref']}/", {}).status_code == 403
    assert "post" not in SAFE_METHODS
    at(now + timedelta(days=30))
    answer = api.get("/api/v1/systems/")
    assert answer.status_code == 401 and "ended" in answer.json()["detail"]


def test_ac_20_the_auditor_exports_what_was_granted_and_nothing_else():
    hidden = make.system(unit(), title="Hidden elsewhere")
    here = unit()
    make.system(here)
    engagement = make.engagement(make.audit(here, sort="gap"), units=[here])
    who, manager = make.member(engagement), make.manager()
    audit, _lead = make.running(here)
    controls.scope(here)
    impact.assessment(make.system(here))
    found, risk = make.nonconformity(here), risks.risk(system=make.system(here))
    pack = evidence.pack(manager, here)
    jobs.run(pack.job_id, render_pack)
    request = services.ask(engagement, by=who, data={"wanted": "The pack"}, on=make.today())
    client = Client()
    client.force_login(who)
    url = f"/packs/{pack.ref}/download/"
    assert client.get(url).status_code == 404  # not granted yet
    services.offer(request, by=manager, record=Record.objects.get(pk=pack.pk), on=make.today())
    assert client.get(f"/systems/{hidden.ref}/").status_code == 404
    assert hidden.title not in client.get("/systems/").content.decode()
    for method in ("post", "patch", "delete"):
        assert (
            getattr(client, method)(f"/api/v1/packs/{pack.ref}/", {}, content_type="application/json").status_code
            == 403
        )
    first, second = (b"".join(client.get(url).streaming_content) for _number in range(2))
    assert first == second and first.startswith(b"%PDF")
    reader = PdfReader(BytesIO(first))
    told = json.loads(reader.attachments["manifest.json"][0])
    assert told["as_of"] == pack.at.isoformat()
    hashes = {chapter["section"]: chapter["key"] for chapter in told["chapters"]}
    assert {"soa", "risks", "impact", "audits", "nonconformities"} <= set(hashes)
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in hashes.values())
    words = "".join(page.extract_text() for page in reader.pages)
    assert all(ref in words for ref in (audit.ref, found.ref, risk.ref)) and hidden.title not in words
    downloads = Reading.objects.filter(person=who, what="download", record=pack.pk)
    assert [row.digest for row in downloads] == [EvidencePack.objects.get(pk=pack.pk).blob_id] * 2


def test_an_external_auditor_from_signing_in_to_being_locked_out(at):
    keeper = make.manager()
    rows = [AISystem(unit=root_unit(), owner=keeper, title=f"Many {n:03}", purpose="One of many.") for n in range(300)]
    with recording(None, "test"):
        AISystem.objects.bulk_create(rows)
    audit = make.audit(sort="stage_2")
    engagement = make.engagement(audit)
    who = make.member(engagement)
    lead = make.auditor()
    make.assign(audit, lead)
    services.start_audit(make.fresh(audit), by=keeper, on=make.today())
    client = Client()
    client.force_login(who)
    sign_in_again(client, who)
    assert engagement.title in client.get("/rooms/").content.decode()
    room = f"{engagement.get_absolute_url()}room/"
    assert client.get(room).status_code == 200
    draw_form = {"title": "Systems", "record_kind": "system", "size": "8", "seed": "mine"}
    assert client.post(f"{audit.get_absolute_url()}draw/", draw_form).status_code == 302
    sample = Sample.objects.get()
    assert sample.population_count == 300
    drawn = [(row.record.ref, row.stratum) for row in sample.rows.select_related("record")]
    assert drawn == draw([(ref, "") for ref, _stratum in sample.population], "mine", 8)
    page = client.get(sample.get_absolute_url())
    assert page.status_code == 200 and "the same rows" in page.content.decode()
    row = sample.rows.first()
    with recording(None, "test"):
        AISystem.objects.filter(pk=row.record_id).update(purpose="Changed after the draw.")
    judge = f"{sample.get_absolute_url()}rows/{row.pk}/"
    assert "Changed after the draw." in client.get(judge).content.decode()
    assert client.post(judge, {"verdict": "conform", "note": "Fine"}).status_code == 302
    assert client.get(f"{row.record.get_absolute_url()}thread/").status_code == 200
    assert client.get(f"{sample.get_absolute_url()}population.csv").content.decode().count("SYS-") == 300
    assert client.get("/audits/redraw.py").status_code == 200
    assert client.get(f"{engagement.get_absolute_url()}requests.csv").status_code == 200
    # Our side sees what the auditor sees, and what they opened only afterwards.
    ours = Client()
    ours.force_login(keeper)
    assert ours.get(f"{engagement.get_absolute_url()}mirror/").status_code == 200
    assert room not in ours.get(f"{engagement.get_absolute_url()}readings/").content.decode()
    at(clock.now() + timedelta(days=15))
    assert room in ours.get(f"{engagement.get_absolute_url()}readings/").content.decode()
    for path in ("/", room, "/systems/", sample.get_absolute_url()):
        answer = client.get(path)
        page = answer.content.decode()
        assert answer.status_code == 403 and "Your access ended on" in page and str(engagement.owner.email) in page
        assert 'btn-primary" href="/"' not in page  # every page is closed: there is no way but out


def test_requests_go_to_and_fro_on_pages():
    engagement = make.engagement()
    who, keeper, system = make.member(engagement), make.manager(), make.system()
    outside, ours = Client(), Client()
    outside.force_login(who)
    ours.force_login(keeper)
    url = engagement.get_absolute_url()
    assert outside.post(f"{url}ask/", {"wanted": "List of systems"}).status_code == 302
    row = engagement.requests.get(number="R1")
    there = f"{url}requests/{row.pk}/"
    assert ours.post(f"{there}offer/", {"record": system.ref, "note": "All in one"}).status_code == 302
    assert system.ref in outside.get(there).content.decode()
    assert "1 changed" not in outside.get(f"{url}room/").content.decode()
    with recording(None, "test"):
        AISystem.objects.filter(pk=system.pk).update(purpose="Other than offered.")
    assert "1 changed" in outside.get(f"{url}room/").content.decode()
    assert "Other than offered." in outside.get(there).content.decode()
    assert outside.post(f"{there}answer/", {"accepted": "no", "words": "Owners?"}).status_code == 302
    assert ours.post(f"{there}comment/", {"words": "They follow."}).status_code == 302
    assert outside.post(f"{there}answer/", {"accepted": "yes", "words": ""}).status_code == 302
    assert "They follow." in outside.get(there).content.decode()
    assert ours.get(f"{url}room/").status_code == 403
    assert outside.post(f"{url}note/", {"box": "plain"}).status_code == 400
    box = "aims-note-1.c2FsdA.aXY.dGV4dA"
    assert outside.post(f"{url}note/", {"box": box}).json()["saved"]
    assert box in outside.get(f"{url}room/").content.decode()
    assert outside.post(f"{there}withdraw/", {"reason": "Seen elsewhere"}).status_code == 302
    assert make.fresh(row).state == "withdrawn"
