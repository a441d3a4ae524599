"""The JavaScript SDK in a real browser: a page of another origin imports it as it lies and calls the runner."""

import functools
import http.server
import threading
import unittest
from pathlib import Path

from browser import CHROMIUM, Browser
from gateway import PASSWORD, Gateway

SDK = Path(__file__).resolve().parent.parent.parent / "deploy" / "sdk" / "javascript"

STORY = """
(async () => {
  const { AINexLayer, NotFoundError } = await import("/src/index.js");
  const client = new AINexLayer({ baseUrl: BASE });
  await client.auth.register({ email: "ada@example.com", password: PASSWORD, name: "Ada" });
  const { id } = await client.workspaces.create({ name: "Handbook" });
  const progress = [];
  const document = await client.documents.upload(
    id, new File(["# Pets\\n\\nDogs bark at night."], "pets.md", { type: "text/markdown" }),
    { onProgress: (sent, total) => progress.push(sent / total) });
  const names = [];
  for await (const each of client.documents.list(id)) names.push(each.name);
  const { results } = await client.documents.search(id, "dogs");
  let said = "";
  for await (const words of (await client.chat.stream(id, "When do dogs bark?")).text()) said += words;
  const content = await (await client.documents.content(id, document.id)).text();
  const missing = await client.workspaces.get("ws_01JD8XKQ5Z7V3M9N2R4T6W8Y0A").then(
    () => "found", (error) => [error instanceof NotFoundError, error.code, Boolean(error.requestId)]);
  await client.auth.logout();
  return { names, progress: progress.at(-1), hits: results.length, said, content, missing };
})()
"""


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


@unittest.skipUnless(CHROMIUM, "chromium is not installed")
class SDKTests(unittest.TestCase):
    def test_a_page_of_another_origin_tells_the_whole_story(self):
        pages = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(QuietHandler, directory=str(SDK)))
        threading.Thread(target=pages.serve_forever, daemon=True).start()
        self.addCleanup(pages.server_close)
        self.addCleanup(pages.shutdown)
        origin = f"http://127.0.0.1:{pages.server_port}"
        gateway = Gateway(CORS_ORIGINS=origin)
        self.addCleanup(gateway.close)
        with Browser() as browser:
            browser.open(f"{origin}/README.md")
            base = gateway.url.removesuffix("/api/v1")
            told = browser.run(STORY.replace("BASE", f'"{base}"').replace("PASSWORD", f'"{PASSWORD}"'))
        self.assertEqual(told["names"], ["pets.md"])
        self.assertEqual((told["progress"], told["hits"]), (1, 1))
        self.assertIn("Dogs bark at night", told["said"])
        self.assertEqual(told["content"], "# Pets\n\nDogs bark at night.")
        self.assertEqual(told["missing"], [True, "NOT_FOUND", True])


if __name__ == "__main__":
    unittest.main()
