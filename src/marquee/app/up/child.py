"""One process that is kept running: its lines are passed on, and when it ends it begins anew."""

import asyncio
import contextlib
import ctypes
import os
import signal
from collections.abc import Callable, Mapping

from marquee.app.up.plan import Place, Service

FIRST_PAUSE, LONGEST_PAUSE, STEADY = 1.0, 30.0, 60.0
"""Seconds to wait before it is started again, at first and at most; after so long it starts at first."""
LONGEST_LINE = 1024 * 1024
TRY_EVERY = 0.1
PR_SET_PDEATHSIG = 1
Say = Callable[[str, bytes], None]


class Child:
    def __init__(self, service: Service, environment: Mapping[str, str], say: Say) -> None:
        self.service = service
        told = {f"MARQUEE_{name}": value for name, value in service.settings.items()}
        self._environment = {**environment, **told}
        self._say = say
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._running = asyncio.create_task(self._keep())

    async def ready(self, within: float) -> bool:
        """Whether it answers everywhere it should, soon enough."""
        try:
            async with asyncio.timeout(within):
                for place in self.service.places:
                    await _answered(place)
        except TimeoutError:
            return False
        return True

    async def stop(self, number: signal.Signals, patience: float) -> bool:
        """End it; whether it went by itself."""
        self._stopping.set()
        if self._running is None:
            return True
        self._signal(number)
        done, _waiting = await asyncio.wait({self._running}, timeout=patience)
        if not done:
            self.kill()
            await self._running
        return bool(done)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)

    async def _keep(self) -> None:
        loop, pause = asyncio.get_running_loop(), FIRST_PAUSE
        while not self._stopping.is_set():
            began = loop.time()
            outcome = await self._run_once()
            if self._stopping.is_set():
                break
            if loop.time() - began >= STEADY:
                pause = FIRST_PAUSE
            self._say(self.service.name, f"{outcome}; starts again in {pause:g} s".encode())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stopping.wait()
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _run_once(self) -> str:
        """Run it to its end; what became of it."""
        reading, writing = os.pipe()
        passing_on = asyncio.create_task(self._pass_on(reading))
        try:
            process = self._process = await self._begin(writing)
        except OSError as error:
            process, outcome = None, f"cannot be started: {error.strerror}"
        finally:
            os.close(writing)
        if process is not None:
            if self._stopping.is_set():  # it was begun at the last moment
                process.terminate()
            code = await process.wait()
            outcome = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)  # whoever it left behind
        await passing_on
        return outcome

    async def _begin(self, writing: int) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *self.service.command,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=writing,
            stderr=writing,
            start_new_session=True,  # what is typed at the terminal is for us alone
            preexec_fn=_end_with_us,
        )

    async def _pass_on(self, descriptor: int) -> None:
        """Every line of it, under its name; a longer one in pieces."""
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=LONGEST_LINE)
        pipe = os.fdopen(descriptor, "rb", 0)
        transport, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), pipe
        )
        try:
            while True:
                try:
                    line = await reader.readuntil(b"\n")
                except asyncio.LimitOverrunError as error:
                    line = await reader.readexactly(error.consumed)
                except asyncio.IncompleteReadError as error:
                    if error.partial:
                        self._say(self.service.name, error.partial)
                    return
                self._say(self.service.name, line.rstrip(b"\r\n"))
        finally:
            transport.close()


async def _answered(place: Place) -> None:
    """When somebody takes connections there."""
    while True:
        try:
            _reader, writer = await asyncio.open_connection(*place)
        except OSError:
            await asyncio.sleep(TRY_EVERY)
        else:
            writer.close()
            return


def _end_with_us() -> None:
    """Linux ends the process when we are gone, however we went."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
