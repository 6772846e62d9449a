"""Nothing in a test may talk beyond this machine."""

import socket

import pytest
from pytest_socket import SocketConnectBlockedError


def test_sockets_beyond_loopback_are_closed() -> None:
    with socket.socket() as outside, pytest.raises(SocketConnectBlockedError):
        outside.connect(("192.0.2.1", 80))
