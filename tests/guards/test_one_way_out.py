"""Nothing but the gateway opens connections to servers of others."""

import ast

from tests.guards.source import modules

DOORS = ("http.client", "urllib.request", "socket", "requests", "httpx", "urllib3", "aiohttp")
# Our own servers on this machine: whether they answer.
OWN = {
    "portal/management/commands/serve.py",
    "portal/deployment/alive.py",
    "portal/servers/broker.py",
    "engagement/outside/gateway.py",
}


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


def _leads_out(name: str) -> bool:
    return any(name == door or name.startswith(f"{door}.") for door in DOORS)


def test_only_the_gateway_reaches_out() -> None:
    found = {
        str(path)
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if any(_leads_out(name) for name in _imported(node))
    }
    assert found - OWN == set()
    assert "engagement/outside/gateway.py" in found
