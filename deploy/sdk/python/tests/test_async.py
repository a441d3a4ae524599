"""The same calls, awaited."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
import unittest
from pathlib import Path
from typing import List

from ainexlayer import ChatEvent, NotFoundError
from ainexlayer.aio import AsyncAINexLayer

from .installation import QUICK, RealTest
from .stub import Stub

START = b'event: start\ndata: {"conversationId": "c", "messageId": "m"}\n\n'


class AsyncTests(RealTest):
    def test_a_whole_story(self) -> None:
        async def story() -> None:
            async with AsyncAINexLayer(client=self.admin) as client:
                made = await asyncio.gather(*(client.workspaces.create(name=f"async {number}") for number in range(8)))
                found = [space.id async for space in client.workspaces.list(search="async", limit=3)]
                self.assertEqual(sorted(found), sorted(space.id for space in made))
                space = made[0].id
                text = b"Dogs bark at night."
                document = await client.documents.upload(space, text, name="pets.md")
                self.assertEqual(await (await client.documents.content(space, document.id)).read(), text)
                stream = await client.chat.stream(space, "When do dogs bark?")
                events: List[ChatEvent] = [event async for event in stream]
                self.assertEqual((events[0].type, events[-1].type), ("start", "done"))
                words = [text async for text in (await client.chat.stream(space, "When do dogs bark?")).text()]
                self.assertIn("Dogs bark", "".join(words))
                with self.assertRaises(NotFoundError):
                    await client.workspaces.get("ws_nobody")

        asyncio.run(story())


class ScriptedAsyncTests(unittest.TestCase):
    def test_cancelling_a_stream_that_says_nothing_closes_it(self) -> None:
        def silent(seen: object, connection: object) -> None:
            connection.sendall(  # type: ignore[attr-defined]
                b"HTTP/1.1 200 X\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                + f"{len(START):x}\r\n".encode() + START + b"\r\n")
            connection.recv(1)  # type: ignore[attr-defined]

        async def leave(url: str) -> None:
            async with AsyncAINexLayer(url, api_key="nxl_test", retry=QUICK) as client:
                events: List[ChatEvent] = []

                async def listen() -> None:
                    async with await client.chat.stream("ws_1", "Hello?") as opened:
                        async for event in opened:
                            events.append(event)

                task = asyncio.ensure_future(listen())
                while not events:
                    await asyncio.sleep(0.01)
                task.cancel()
                with self.assertRaises(asyncio.CancelledError):
                    await task

        with Stub(silent) as stub:
            asyncio.run(leave(stub.url))
            self.assertTrue(stub.closed.wait(5))

    def test_the_loop_goes_on_while_a_call_waits(self) -> None:
        async def count(url: str) -> int:
            async with AsyncAINexLayer(url, api_key="nxl_test", retry=QUICK) as client:
                call = asyncio.ensure_future(client.system.docs())
                ticks = 0
                while not call.done():
                    ticks += 1
                    await asyncio.sleep(0.01)
                return ticks

        def slow(seen: object, connection: object) -> None:
            time.sleep(0.3)
            connection.sendall(b"HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n")  # type: ignore[attr-defined]

        with Stub(slow) as stub:
            self.assertGreater(asyncio.run(count(stub.url)), 3)

    def test_the_generated_files_are_current(self) -> None:
        generator = Path(__file__).resolve().parents[4] / "deploy/scripts/generate_sdks.py"
        self.assertEqual(subprocess.run([sys.executable, generator, "--check"]).returncode, 0)


if __name__ == "__main__":
    unittest.main()
