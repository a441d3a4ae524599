"""Questions, streamed answers, and conversations."""

from __future__ import annotations

import time
import unittest
from typing import List

from ainexlayer import (
    APIConnectionError, APIError, ChatDelta, ChatDone, ChatEvent, ChatFailed, ChatSources, ChatStart, NotFoundError,
)

from .installation import RealTest
from .stub import Stub, stream

TEXT = b"# Pets\n\nCats sleep all day.\n\nDogs bark at night.\n"


class ChatTests(RealTest):
    def setUp(self) -> None:
        self.space = self.workspace()
        self.admin.documents.upload(self.space, TEXT, name="pets.md")

    def test_a_whole_answer_cites_its_sources(self) -> None:
        answer = self.admin.chat.send(self.space, "When do dogs bark?", mode="query", top_k=2)
        self.assertIn("[1]", answer.message.content)
        self.assertEqual(answer.message.sources[0].document_name, "pets.md")
        self.assertEqual(answer.finish_reason, "stop")

    def test_a_streamed_answer(self) -> None:
        events: List[ChatEvent] = list(self.admin.chat.stream(self.space, "When do dogs bark?"))
        start, sources, *deltas, done = events
        self.assertIsInstance(start, ChatStart)
        self.assertTrue(isinstance(sources, ChatSources) and sources.sources[0].document_name == "pets.md")
        self.assertTrue(isinstance(done, ChatDone) and done.finish_reason == "stop")
        text = "".join(event.content for event in deltas if isinstance(event, ChatDelta))
        self.assertIn("Dogs bark at night", text)
        assert isinstance(start, ChatStart)
        history = list(self.admin.conversations.messages(self.space, start.conversation_id))
        self.assertEqual([(said.role, said.content) for said in history][1], ("assistant", text))

    def test_only_the_words(self) -> None:
        self.assertIn("Dogs bark", "".join(self.admin.chat.stream(self.space, "When do dogs bark?").text()))

    def test_conversations(self) -> None:
        conversations = self.admin.conversations
        first = self.admin.chat.send(self.space, "When do dogs bark?").conversation_id
        self.admin.chat.send(self.space, "And cats?", conversation_id=first)
        self.assertEqual(conversations.get(self.space, first).message_count, 4)
        self.assertEqual(conversations.update(self.space, first, title="Pets").title, "Pets")
        self.assertEqual([found.id for found in conversations.list(self.space, search="Pets")], [first])
        roles = [said.role for said in conversations.messages(self.space, first, limit=1)]
        self.assertEqual(roles, ["user", "assistant"] * 2)
        conversations.delete(self.space, first)
        with self.assertRaises(NotFoundError):
            conversations.get(self.space, first)

    def test_errors_come_before_the_stream(self) -> None:
        with self.assertRaises(NotFoundError):
            self.admin.chat.stream("ws_nobody", "Hello?")


class ScriptedStreamTests(unittest.TestCase):
    START = b'event: start\ndata: {"conversationId": "c", "messageId": "m"}\n\n'
    DONE = (
        b'event: done\ndata: {"usage": {"promptTokens": 1, "completionTokens": 2, "totalTokens": 3},\n'
        b'data: "finishReason": "stop"}\n\n')

    def test_events_may_be_cut_anywhere(self) -> None:
        delta = 'event: delta\r\ndata: {"content": "Grüße 猫"}\r\n\r\n'.encode()
        whole = self.START + delta + b": a comment\n\n" + self.DONE
        with Stub(stream(*(whole[at:at + 1] for at in range(len(whole))))) as stub:
            events = list(stub.client().chat.stream("ws_1", "Hello?"))
        self.assertEqual([event.type for event in events], ["start", "delta", "done"])
        self.assertEqual(events[1], ChatDelta("Grüße 猫"))

    def test_data_of_several_lines_and_unknown_events(self) -> None:
        blocks = b'event: new\ndata: {}\n\nevent: delta\ndata: {"content":\ndata: "x"}\n\n' + self.DONE
        with Stub(stream(blocks)) as stub:
            events = list(stub.client().chat.stream("ws_1", "Hello?"))
        self.assertEqual(events[0], ChatDelta("x"))

    def test_an_error_is_an_event_and_then_raised(self) -> None:
        failed = b'event: error\ndata: {"error": {"code": "LLM_UNAVAILABLE", "message": "Gone"}}\n\n'
        with Stub(stream(self.START + failed)) as stub:
            seen: List[ChatEvent] = []
            with self.assertRaises(APIError) as raised:
                for event in stub.client().chat.stream("ws_1", "Hello?"):
                    seen.append(event)
            self.assertIsInstance(seen[-1], ChatFailed)
            self.assertEqual(raised.exception.code, "LLM_UNAVAILABLE")
            with self.assertRaises(APIError):
                "".join(stub.client().chat.stream("ws_1", "Hello?").text())

    def test_a_stream_that_breaks_is_an_error(self) -> None:
        for ends in (True, False):
            with self.subTest(ends=ends), Stub(stream(self.START, ends=ends)) as stub:
                with self.assertRaises(APIConnectionError):
                    list(stub.client().chat.stream("ws_1", "Hello?"))

    def test_leaving_early_closes_the_connection(self) -> None:
        def endless(seen: object, connection: object) -> None:
            connection.sendall(  # type: ignore[attr-defined]
                b"HTTP/1.1 200 X\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
            while True:
                block = self.START
                connection.sendall(f"{len(block):x}\r\n".encode() + block + b"\r\n")  # type: ignore[attr-defined]
                time.sleep(0.01)

        for leave in ("break", "close", "with"):
            with self.subTest(leave), Stub(endless) as stub:
                opened = stub.client().chat.stream("ws_1", "Hello?")
                if leave == "with":
                    with opened:
                        next(iter(opened))
                else:
                    for _ in opened:
                        if leave == "break":
                            break
                        opened.close()
                        break
                self.assertTrue(stub.closed.wait(5))


if __name__ == "__main__":
    unittest.main()
