"""The shipped front, started as the compose file starts it, on ports of this machine."""

import ssl
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from portal.environment import ROOT
from portal.servers.process import stop_process
from tests import front_server
from tests.engagement.outbox.sink import free_port
from tests.journeys.waiting import wait_for
from tests.portal.deployment import compose
from tests.portal.deployment.certificates import write_certificate
from tests.portal.deployment.visitors import accepts

CONFIGURATION = ROOT / "portal" / "deployment" / "nginx.conf"
WEB = ("172.30.7.11:8000", "172.30.7.12:8000")


class Front:
    """nginx in `folder` before two web servers at `upstreams` (host:port)."""

    def __init__(self, folder: Path, upstreams: Sequence[str]) -> None:
        self.folder = folder
        self.upstreams = upstreams
        self.plain_port, self.port = free_port(), free_port()
        self.output = folder / "front.output"
        self.certificate = folder / "certificates" / "certificate.pem"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        (self.folder / "tmp").mkdir()
        write_certificate(self.certificate.parent)
        command = compose.services({"PORTAL_HOST": "localhost"})["front"]["command"]
        found = self.folder / "nginx.conf"
        found.write_text(self.placed())
        command = [{"/etc/nginx/nginx.conf": str(found)}.get(word, word) for word in command]
        with self.output.open("wb") as told:
            self._process = subprocess.Popen(
                [str(front_server.program()), *command[1:]],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=subprocess.STDOUT,
            )
        wait_for("the front", self._is_up)
        return self

    @property
    def is_started(self) -> bool:
        return self._process is not None

    def __exit__(self, *error: object) -> None:
        if self._process is not None:
            stop_process(self._process, *_stops(), 10)

    def _is_up(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise AssertionError(f"nginx ended at once:\n{self.told()}")
        return accepts(self.port) and accepts(self.plain_port)

    def placed(self) -> str:
        """The shipped configuration with this machine's places in it, and nothing else changed."""
        text = CONFIGURATION.read_text()
        for shipped, here in {
            " /tmp/": f" {self.folder}/tmp/",
            "listen 8080 ": f"listen 127.0.0.1:{self.plain_port} ",
            "listen 8443 ": f"listen 127.0.0.1:{self.port} ",
            WEB[0]: self.upstreams[0],
            WEB[1]: self.upstreams[1],
            "/etc/certificates/": f"{self.folder}/certificates/",
            "/etc/pages": str(CONFIGURATION.parent),
        }.items():
            assert shipped in text, f"the front's configuration lacks {shipped}"
            text = text.replace(shipped, here)
        return text

    def told(self) -> str:
        return self.output.read_text(errors="replace")

    def trust(self) -> ssl.SSLContext:
        """What a browser of a visitor uses, trusting this certificate alone."""
        return ssl.create_default_context(cafile=str(self.certificate))


def _stops() -> tuple[int, int]:
    return 3, 9  # SIGQUIT: nginx ends the requests in hand
