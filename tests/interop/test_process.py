"""The Node process of a client: it never stays behind, and its modules are pinned."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from tests.interop.conftest import Newcomer
from tests.interop.js_client import JsClient, JsClientError
from tests.interop.js_process import JsProcess, require_node

HERE = Path(__file__).parent


async def test_no_process_is_left_after_an_error_inside_the_block(newcomer: Newcomer) -> None:
    anna = await newcomer("anna")
    phone = anna.another_device()

    with pytest.raises(JsClientError, match="not in the room"):
        async with phone:
            await phone.read("!nowhere")
    with pytest.raises(ProcessLookupError):
        os.kill(phone.pid, 0)


async def test_a_failed_login_leaves_no_process_either(newcomer: Newcomer) -> None:
    anna = await newcomer("anna")
    stranger = JsClient(anna.homeserver, anna.user_id, "not the password")

    with pytest.raises(JsClientError) as refused:
        await stranger.__aenter__()
    assert refused.value.code == "M_FORBIDDEN"
    with pytest.raises(ProcessLookupError):
        os.kill(stranger.pid, 0)


async def test_the_process_ends_by_itself_when_its_parent_is_gone() -> None:
    process = await JsProcess.spawn()
    try:
        process.let_go()
        async with asyncio.timeout(10):
            assert await process.exit_code() == 0
    finally:
        await process.end()


def test_without_node_the_tests_are_skipped_aloud_and_fail_on_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="Node 20 or newer is not installed"):
        require_node()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="Node 20 or newer is not installed"):
        require_node()


def test_the_node_modules_are_pinned_exactly_and_the_lock_names_no_host() -> None:
    package = json.loads((HERE / "package.json").read_text())
    lock = json.loads((HERE / "package-lock.json").read_text())["packages"]
    for name, version in package["dependencies"].items():
        assert lock[f"node_modules/{name}"]["version"] == version
    modules = {path: module for path, module in lock.items() if path}
    assert modules
    assert all("integrity" in module and "resolved" not in module for module in modules.values())
