"""The Node process behind a JsClient: JSON lines to and fro, and its certain end. It knows no Matrix."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import tempfile
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import IO, Any, Self

import pytest

HERE = Path(__file__).parent
LONGEST_LINE = 32 * 1024 * 1024  # bytes: a room's whole timeline comes back as one line
ANSWER_WITHIN = 30.0  # seconds
END_WITHIN = 5.0  # seconds, before the process is killed


class JsClientError(Exception):
    """The client refused or failed; `code` is the homeserver's error code, if it was the homeserver."""

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code


def require_node() -> None:
    """Skip the test aloud when Node or its modules are missing; when CI is set, fail instead."""
    if shutil.which("node") is None:
        missing = "Node 20 or newer is not installed"
    elif not (HERE / "node_modules" / "matrix-js-sdk").is_dir():
        missing = "its modules are not installed (npm ci in tests/interop)"
    else:
        return
    if os.environ.get("CI"):
        pytest.fail(f"Element's own stack cannot be tested: {missing}")
    pytest.skip(f"Element's own stack is not tested: {missing}")


class JsProcess:
    """One running client.mjs. It also ends when this process is gone: its standard input closes then."""

    def __init__(self, process: asyncio.subprocess.Process, errors: IO[bytes]) -> None:
        self._process = process
        self._errors = errors
        self._ids = count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._news = asyncio.Condition()
        self.changes = 0
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def spawn(cls) -> Self:
        """Start `node client.mjs`; skips or fails the test when that is impossible."""
        require_node()
        errors = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as the process; end() closes it)
        pipe = asyncio.subprocess.PIPE
        program = str(HERE / "client.mjs")
        process = await asyncio.create_subprocess_exec(
            "node", program, stdin=pipe, stdout=pipe, stderr=errors, limit=LONGEST_LINE
        )
        return cls(process, errors)

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    async def ask(self, command: str, **arguments: Any) -> Any:
        """The answer to one command; JsClientError if it fails, TimeoutError after ANSWER_WITHIN seconds."""
        assert self._process.stdin is not None
        number = next(self._ids)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        request = {"id": number, "do": command, **arguments}
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        try:
            if self._listening.done():
                raise self._ended()
            async with asyncio.timeout(ANSWER_WITHIN):
                return await answer
        except TimeoutError:
            raise TimeoutError(f"no answer to {command!r} within {ANSWER_WITHIN} s\n{self.log()}") from None
        finally:
            del self._answers[number]

    async def changed_since(self, changes: int) -> None:
        """Return once something may look different than when `self.changes` was `changes`."""
        async with self._news:
            await self._news.wait_for(lambda: self.changes != changes or self._listening.done())
        if self._listening.done():
            raise self._ended()

    def let_go(self) -> None:
        """Close its standard input, which is all that it sees of the death of its parent."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    async def exit_code(self) -> int:
        """What it ended with, once it did."""
        return await self._process.wait()

    def log(self) -> str:
        """The end of what the process wrote to its standard error."""
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace")[-4000:]

    async def end(self) -> None:
        """Ask the process to stop, and kill it if it does not. Afterwards it is gone, whatever happened."""
        with suppress(TimeoutError, JsClientError, ConnectionError):
            async with asyncio.timeout(END_WITHIN):
                await self.ask("stop")
                await self._process.wait()
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        await self._listening
        self._errors.close()

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            await self._hear(json.loads(line))
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(self._ended())
        async with self._news:
            self._news.notify_all()

    async def _hear(self, message: dict[str, Any]) -> None:
        if "changed" in message:
            async with self._news:
                self.changes += 1
                self._news.notify_all()
            return
        answer = self._answers.get(message["id"])
        if answer is None or answer.done():
            return
        if error := message.get("error"):
            answer.set_exception(JsClientError(error["message"], error["code"]))
        else:
            answer.set_result(message["answer"])

    def _ended(self) -> JsClientError:
        return JsClientError(f"the client has ended\n{self.log()}")
