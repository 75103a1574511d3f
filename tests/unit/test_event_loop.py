"""The event loop of a notebook."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import threading

import pytest

from ottermark.worker.event_loop import SocketlessEventLoop


def is_socket(descriptor: int) -> bool:
    try:
        return stat.S_ISSOCK(os.fstat(descriptor).st_mode)
    except OSError:  # it is not open
        return False


def sockets() -> list[int]:
    return [descriptor for descriptor in range(256) if is_socket(descriptor)]


@pytest.mark.slow
def test_a_thread_and_a_signal_wake_it_up_without_a_socket() -> None:
    before = sockets()
    loop = SocketlessEventLoop()

    async def wait() -> list[str]:
        woken: list[str] = []
        event = asyncio.Event()

        def wake(name: str) -> None:
            woken.append(name)
            event.set()

        threading.Thread(target=loop.call_soon_threadsafe, args=(wake, "thread")).start()
        await asyncio.wait_for(event.wait(), 5)
        event.clear()
        loop.add_signal_handler(signal.SIGUSR1, wake, "signal")
        os.kill(os.getpid(), signal.SIGUSR1)
        await asyncio.wait_for(event.wait(), 5)
        for _ in range(100_000):  # more than a pipe holds
            loop.call_soon_threadsafe(int)
        assert sockets() == before
        return woken

    assert loop.run_until_complete(wait()) == ["thread", "signal"]
    loop.close()
    assert loop.is_closed()
