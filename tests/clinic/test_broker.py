"""The embedded broker is a real one."""

import os
import signal
import socket
import tempfile
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from clinic.running.broker import LONGEST_SOCKET_PATH, BrokerUnavailable, embedded_broker, free_port

pytestmark = pytest.mark.processes


def connect(broker):
    if "REDIS_URL" in broker.environ:
        return redis.Redis.from_url(broker.environ["REDIS_URL"])
    return redis.Redis(unix_socket_path=broker.environ["VALKEY_SOCKET"])


@pytest.fixture
def folder():
    """Short enough for a socket, however deep pytest keeps its own folders."""
    with tempfile.TemporaryDirectory(prefix="b") as short:
        yield Path(short)


def test_it_answers_on_a_socket_of_its_own(folder):
    with embedded_broker(folder) as broker, connect(broker) as client:
        assert client.ping()
        assert (folder / "valkey.sock").stat().st_mode & 0o077 == 0


def test_it_keeps_what_it_was_given_through_a_kill(folder):
    with embedded_broker(folder) as broker, connect(broker) as client:
        client.set("bell", "rung")
        client.execute_command("WAITAOF", 1, 0, 2000)
        os.kill(broker.process.pid, signal.SIGKILL)
        broker.process.wait()
    with embedded_broker(folder) as broker, connect(broker) as client:
        assert client.get("bell") == b"rung"


def test_a_second_one_on_the_same_folder_is_refused(folder):
    with embedded_broker(folder), pytest.raises(BrokerUnavailable, match="Another broker"), embedded_broker(folder):
        pass


def test_it_ends_with_its_block_and_leaves_no_socket(folder):
    with embedded_broker(folder) as broker:
        pass
    assert broker.process.returncode is not None
    assert not (folder / "valkey.sock").exists()


@pytest.mark.parametrize("name", ["d" * LONGEST_SOCKET_PATH, 'c++ & "more" #1 %20', "ünïcode"])
def test_a_path_that_no_socket_can_have_gets_loopback_and_a_password(tmp_path, name):
    with embedded_broker(tmp_path / name) as broker:
        port = broker.environ["REDIS_URL"].rpartition(":")[2].partition("/")[0]
        with connect(broker) as client:
            assert client.ping()
        once = Retry(NoBackoff(), retries=0)
        with redis.Redis(port=int(port), retry=once) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()


def test_a_free_port_can_be_listened_on():
    with socket.create_server(("127.0.0.1", free_port())):
        pass
