"""docker-compose.yml runs as it stands: a report through the front, its mail, a rolling restart."""

import http.client
import json
import re
import threading
from collections.abc import Iterator

import pytest

from tests.challenges import action
from tests.journeys.waiting import wait_for
from tests.portal.deployment.service import WEB, Service
from tests.portal.deployment.visitors import Answer, Visitor

pytestmark = pytest.mark.privacy
ADDRESS = "127.0.0.77"
AGENT = "canary-agent-7f3a"
PATH = "canary-path-7f3a"
WORDS = "Broken lamp by the canary-words-7f3a"
READER = "ana.canary7f3a@reader.example"
TRACES = (ADDRESS, AGENT, PATH, "203.0.113.77")
MARKS = {
    "User-Agent": AGENT,
    "Accept-Language": "en",
    "X-Forwarded-For": "203.0.113.77",
}
OURS = (*WEB, "worker", "beat", "second beat")
# A district around the null island, large enough that every point of the test lies in it.
DISTRICT = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"NAME": "Old Mill", "NO": "1"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[-94.6, 39.0], [-94.5, 39.0], [-94.5, 39.1], [-94.6, 39.1], [-94.6, 39.0]]
                ],
            },
        }
    ],
}


@pytest.fixture
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with Service(tmp_path_factory.mktemp("cg")) as running:
        running.run("migrate", "python", "manage.py", "make_keys")
        running.start_portal()
        yield running


def visitor(service: Service) -> Visitor:
    return Visitor(service.front.port, service.front.trust(), address=ADDRESS, headers=MARKS)


def test_the_compose_file_runs_as_it_stands(service: Service) -> None:
    service.start("beat", called="second beat")
    make_agency(service)
    probes_answer(service)
    someone_reports(service, level="confidential", email=READER)
    someone_reports(service, level="anonymous")
    ways_to_err(service)
    the_mail_arrives_once(service)
    the_deployment_check_is_content(service)
    figures_are_told_inside_only(service)
    pages_answer_while_each_web_server_is_replaced(service)
    a_stopped_queue_is_named(service)
    for name in OURS:
        service.stop(name)
    nothing_tells_who_came(service)


def make_agency(service: Service) -> None:
    shape = service.folder / "district.geojson"
    shape.write_text(json.dumps(DISTRICT))
    arguments = ["--agency", "riverton", "--create-agency", "Riverton Police"]
    arguments += ["--layer", "district", "--name-field", "NAME", "--code-field", "NO"]
    service.run("migrate", "python", "manage.py", "import_areas", str(shape), *arguments)


def probes_answer(service: Service) -> None:
    someone = visitor(service)
    assert someone.get("/health/live").text == "ok\n"

    def is_ready() -> bool:
        return someone.get("/health/ready").status == 200

    wait_for("the first sweep", is_ready)
    front_page = someone.get("/")
    assert front_page.status == 200
    assert "Riverton" in front_page.text
    assert front_page.headers["Strict-Transport-Security"]
    assert "Content-Encoding" not in front_page.headers


def someone_reports(service: Service, *, level: str, email: str = "") -> None:
    """From the form over the check to the receipt, as a browser without scripts sends it."""
    someone = visitor(service)
    form = someone.get("/report/new/").form(action="/report/new/", method="post")
    form |= {"category": "graffiti", "text": WORDS, "no_place": "on", "level": level}
    form |= {"email": email} if email else {}
    asking = someone.post("/report/new/", form)
    assert asking.status == 200, asking.text
    # Without scripts the questions of a kind come once it was chosen, on the same form.
    asked = asking.form(action="/report/new/", method="post")
    assert asked["asked"] == "graffiti"
    check = someone.post("/report/new/", form | asked)
    assert check.status == 200, check.text
    receipt = someone.post(action(check.text, "/report/done/"), check.form(action="/report/done/"))
    assert "data-receipt-secret" in receipt.text, receipt.text
    assert receipt.headers["Cache-Control"] == "no-store"
    assert all(name.startswith("__Host-") for name in someone.cookies)


def ways_to_err(service: Service) -> None:
    """Requests that servers like to log."""
    someone = visitor(service)
    assert someone.get(f"/track/link/{PATH}/?q={PATH}").status in (200, 404)
    assert someone.get(f"/{PATH}/").status == 404
    assert someone.post("/track/", {"code": PATH, "secret": WORDS}).status == 307
    opened = action(someone.get("/track/").text, "/track/")
    assert visitor(service).post(opened, {"code": PATH, "secret": WORDS}).status == 403
    assert someone.get("/", **{"Host": f"{PATH}.example"}).status == 400
    assert someone.get("/metrics").status == 404


def the_mail_arrives_once(service: Service) -> None:
    wait_for("the mail", lambda: READER in service.mails.readers)
    assert service.mails.readers.count(READER) == 1
    letter = service.mails.received[0]
    assert WORDS not in letter.part("plain")
    assert "https://localhost/track/link/" in letter.part("plain")


def the_deployment_check_is_content(service: Service) -> None:
    """All that it has to say of the shipped settings is that backups lack a recipient."""
    service.run("migrate", "python", "manage.py", "check", "--deploy")
    told = (service.outputs / "migrate.runs").read_text()
    assert set(re.findall(r"\((?:portal|security|keys)\.[EW]\d+\)", told)) == {"(portal.W001)"}


def figures_are_told_inside_only(service: Service) -> None:
    token = (service.secrets / "metrics_token").read_text().strip()
    someone = visitor(service)
    assert someone.get("/metrics", Authorization=f"Bearer {token}").status == 404
    found = figures(service, token)
    assert found.status == 200
    assert 'common_ground_task_age_seconds{task="audit.seal"} 0.0' in found.text
    assert 'common_ground_outbox_messages{state="overdue"} 0.0' in found.text
    assert "report" not in found.text
    assert figures(service, "wrong").status == 404


def figures(service: Service, token: str) -> Answer:
    """As the scraper on the inner network asks: at a web server itself."""
    line = http.client.HTTPConnection("127.0.0.1", service.ports["web"], timeout=10)
    line.request(
        "GET", "/metrics", headers={"Host": "web:8000", "Authorization": f"Bearer {token}"}
    )
    found = line.getresponse()
    answer = Answer(found.status, found.headers, found.read())
    line.close()
    return answer


class Steadily(threading.Thread):
    """Someone who asks for a page again and again until told to stop."""

    def __init__(self, service: Service) -> None:
        super().__init__(daemon=True)
        self.someone = visitor(service)
        self.answers: list[int] = []
        self.is_told_to_stop = threading.Event()

    def run(self) -> None:
        while not self.is_told_to_stop.is_set():
            self.answers.append(self.someone.get("/report/").status)


def pages_answer_while_each_web_server_is_replaced(service: Service) -> None:
    asking = Steadily(service)
    asking.start()
    for name in WEB:
        service.stop(name)
        so_far = len(asking.answers)
        wait_for("answers of the other", lambda so_far=so_far: len(asking.answers) > so_far + 5)
        service.start(name)
        service.await_web(name)
    asking.is_told_to_stop.set()
    asking.join(30)
    assert set(asking.answers) == {200}, asking.answers


def a_stopped_queue_is_named(service: Service) -> None:
    service.stop("queue")
    answer = visitor(service).get("/health/ready")
    assert (answer.status, answer.text) == (503, "queue\n")


def nothing_tells_who_came(service: Service) -> None:
    """Neither a log nor any file of any server; and what ours say is JSON, line by line."""
    for name in OURS:
        for line in service.lines(name):
            assert {"at", "level", "logger"} <= set(line)
    for path in service.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for trace in TRACES:
                assert trace.encode() not in content, f"{path} holds {trace}"
    said = list(service.outputs.iterdir())
    said += [service.front.output, *(service.folder / "queue").rglob("*.aof")]
    for path in said:
        assert WORDS.encode() not in path.read_bytes(), f"{path} repeats a report"
        assert READER.encode() not in path.read_bytes(), f"{path} names a reader"
