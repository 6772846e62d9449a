"""Reads docker-compose.yml and Dockerfile as containers would be started from them."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from portal.environment import ROOT

FILE = ROOT / "docker-compose.yml"
DOCKERFILE = ROOT / "Dockerfile"
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


def filled(text: str, given: Mapping[str, str]) -> str:
    """Put in what stands in the file .env; raises KeyError where the file asks for more."""

    def value(found: re.Match[str]) -> str:
        name, sign, rest = found.groups()
        if given.get(name):
            return given[name]
        if sign == "-":
            return str(rest)
        raise KeyError(name)

    return VARIABLE.sub(value, text)


def services(given: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(filled(FILE.read_text(), given))["services"]
    return found


def image_environment() -> dict[str, str]:
    """The variables that our own image sets for whatever runs in it."""
    text = DOCKERFILE.read_text().split("\nFROM ")[-1].replace("\\\n", " ")
    lines = re.findall(r"^ENV (.*)$", text, re.MULTILINE)
    return dict(pair.split("=", 1) for line in lines for pair in line.split())


def build_commands() -> list[str]:
    """What the build stage runs after the code is there."""
    stage = DOCKERFILE.read_text().split("\nCOPY . .\n")[1].split("\nFROM ")[0]
    run = stage.split("RUN ", 1)[1].replace("\\\n", " ")
    return [command.strip() for command in run.split("&&")]
