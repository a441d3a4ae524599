#!/usr/bin/env python3
"""Reads and uses the inspector in a headless Chromium, served by the real runner.

    Tests/Browser/test_inspector.py [--pictures FOLDER]

Says what failed, and closes with "N passed, N failed".
"""

import json
import sys
import urllib.error
import urllib.request

from harness import CONTRAST, UNNAMED, run

PASSWORD = "correct horse battery"


class Page:
    """The inspector's page, and the API beside it."""

    def __init__(self, browser, origin, pictures):
        self.browser, self.origin, self.pictures = browser, origin, pictures
        self.url = f"{origin}/_runner"
        self.token = None

    def show(self):
        self.browser.open("about:blank")
        self.browser.open(self.url)
        self.browser.wait("Boolean(document.querySelector('#live.on') && document.querySelector('.facts b'))")

    def call(self, method, path, body=None):
        """Calls the API, as any client would: the status and the answer."""
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(
            f"{self.origin}/api/v1{path}", method=method, headers=headers,
            data=None if body is None else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def text(self, selector):
        return self.browser.run(f"document.querySelector({json.dumps(selector)})?.textContent ?? ''")

    def click(self, selector):
        self.browser.run(f"document.querySelector({json.dumps(selector)}).click()")

    def fill(self, selector, value):
        self.browser.run(f"""(() => {{
            const field = document.querySelector({json.dumps(selector)});
            field.value = {json.dumps(value)};
            field.dispatchEvent(new Event('input', {{bubbles: true}}));
            field.dispatchEvent(new Event('change', {{bubbles: true}}));
        }})()""")

    def rows(self):
        return self.browser.run("[...document.querySelectorAll('#rows tr')].map((each) => each.textContent)")

    def open_first(self, words):
        """Opens the newest invocation whose line has these words."""
        number = self.browser.wait(
            f"[...document.querySelectorAll('#rows tr')].find((each) => each.textContent.includes({json.dumps(words)}))?.dataset.number")
        self.browser.run(f"document.querySelector('#rows tr[data-number=\"{number}\"]').click()")
        self.browser.wait(f"document.querySelector('#detail').dataset.number === '{number}' && Boolean(document.querySelector('#detail .actions'))")
        return int(number)

    def newest(self):
        return int(self.browser.run("document.querySelector('#rows tr')?.dataset.number ?? 0"))

    def picture(self, name):
        if self.pictures:
            self.browser.picture(self.pictures / f"inspector-{name}.png")


def requests_appear_while_one_looks(page):
    assert page.text("#empty").startswith("Nothing yet")
    status, answer = page.call("POST", "/auth/register", {"email": "ada@example.com", "password": PASSWORD, "name": "Ada"})
    assert status == 201
    page.token = answer["data"]["token"]
    page.browser.wait("document.querySelectorAll('#rows tr').length === 1")
    row = page.rows()[0]
    assert "201" in row and "/api/v1/auth/register" in row and "cold" in row and " ms" in row, row
    for name in ("Handbook", "Minutes", "Research"):
        status, answer = page.call("POST", "/workspaces", {"name": name})
        assert status == 201
    page.workspace = answer["data"]["id"]
    page.call("GET", "/workspaces?limit=2")
    page.call("GET", "/nowhere")
    page.call("POST", "/workspaces", {"name": ""})
    page.call("POST", "/auth/login", {"email": "ada@example.com", "password": PASSWORD})
    page.call("POST", f"/workspaces/{page.workspace}/chat", {"message": "What is in the handbook?", "stream": False})
    page.call("DELETE", f"/workspaces/{page.workspace}")
    page.browser.wait("document.querySelectorAll('#rows tr').length === 10")
    page.browser.wait("document.querySelector('#facts').textContent.includes('10requests')")
    page.picture("list")


def the_list_is_filtered(page):
    shown = "[...document.querySelectorAll('#rows tr')].map((each) => each.querySelector('.status').textContent)"
    page.click("[data-status='4']")
    assert sorted(page.browser.run(shown)) == ["404", "422"]
    page.click("[data-status='4']")
    page.fill("#function", "create-workspace")
    assert sorted(page.browser.run(shown)) == ["201", "201", "201", "422"]
    page.fill("#function", "")
    page.browser.press("/", "Slash", 191, "/")
    assert page.browser.run("document.activeElement.id") == "text"
    page.fill("#text", "post login")
    assert len(page.rows()) == 1
    page.fill("#text", "nothing has this")
    assert page.text("#empty").startswith("No invocation matches")
    page.browser.press("Escape", number=27)
    assert len(page.rows()) == 10


def the_detail_tells_everything(page):
    page.open_first("/auth/login")
    detail = page.text("#detail")
    for words in ("Request envelope", '"rawPath": "/api/v1/auth/login"', "Response envelope", '"statusCode": 200', "Queue",
                  "Function", "Gateway", "ada@example.com"):
        assert words in detail, words
    page.picture("detail")
    page.open_first("/nowhere")
    assert "no function received it" in page.text("#detail")


def secrets_are_masked_unless_asked(page):
    page.open_first("/auth/login")
    assert PASSWORD not in page.text("#detail") and "eyJ" not in page.text("#detail")
    assert page.text("#detail").count("••••••") >= 3
    page.click("#secrets")
    page.browser.wait(f"document.querySelector('#detail').textContent.includes({json.dumps(PASSWORD)})")
    assert "eyJ" in page.text("#detail") and "••••••" not in page.text("#detail")
    page.click("#secrets")
    page.browser.wait(f"!document.querySelector('#detail').textContent.includes({json.dumps(PASSWORD)})")


def a_request_is_sent_again(page):
    number = page.open_first("/workspaces/")
    before = page.newest()
    number = page.open_first("GET/api/v1/workspaces")
    page.click("#replay")
    page.browser.wait(f"Number(document.querySelector('#detail').dataset.number) > {before}")
    assert f"again #{number}" in page.text("#detail .about") and page.text("#detail .status") == "200"
    # The token was masked in the page, and yet it was sent.
    assert '"name": "Handbook"' in page.text("#detail") and "••••••" in page.text("#detail")


def a_request_is_edited_and_sent(page):
    page.click("[data-status='4']")
    page.open_first("/api/v1/workspaces")
    page.click("[data-status='4']")
    before = page.newest()
    page.click("#edit")
    envelope = json.loads(page.browser.run("document.querySelector('#envelope').value"))
    assert envelope["body"] == {"name": ""} and "••••••" in envelope["headers"]["authorization"]
    assert page.browser.run("document.querySelector('#envelope').scrollTop") == 0, "it begins at the beginning"
    page.picture("editor")
    page.fill("#envelope", "{")
    page.click("#editor button.main")
    assert "Not JSON" in page.text("#editor .wrong")
    envelope["body"]["name"] = "Edited"
    page.fill("#envelope", json.dumps(envelope))
    page.click("#editor button.main")
    page.browser.wait(f"Number(document.querySelector('#detail').dataset.number) > {before}")
    assert page.text("#detail .status") == "201", page.text("#detail .about")
    assert "Edited" in [each["name"] for each in page.call("GET", "/workspaces")[1]["data"]]


def commands_are_copied(page):
    page.browser.run("navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }")
    page.open_first("/auth/login")
    page.click("#pipe")
    text = page.browser.wait("window.copied")
    assert text.startswith("printf '%s\\n' '{") and text.rstrip().endswith("/login") and "${PASSWORD}" in text, text
    page.browser.wait("document.querySelector('#pipe').textContent === 'Copied'")
    page.browser.run("window.copied = ''")
    page.click("#curl")
    text = page.browser.wait("window.copied")
    assert text.startswith("curl -i 'http://localhost:") and PASSWORD not in text, text


def functions_show_pools_and_histograms(page):
    page.browser.run("location.hash = '#functions'")
    card = "document.querySelector('[data-function=create-workspace]')?.textContent ?? ''"
    page.browser.wait(f"({card}).includes('5 requests')")
    assert "p95" in page.browser.run(card)
    assert page.browser.run("document.querySelectorAll('[data-function=create-workspace] .bars .some').length") > 0
    assert page.browser.run("document.querySelectorAll('[data-function=create-workspace] .process').length") >= 1
    assert "delete-webhook" in page.text(".asleep")
    page.picture("functions")
    page.click("[data-function=create-workspace] button")
    page.browser.wait("!document.querySelector('#work').hidden")
    assert all("create-workspace" in row for row in page.rows())
    page.fill("#function", "")


def the_keyboard_is_enough(page):
    browser = page.browser
    browser.run("location.hash = '#invocations'")
    browser.wait("document.querySelector('#detail').hidden")
    browser.run("document.querySelector('#rows tr').focus()")
    browser.press("ArrowDown", number=40)
    second = browser.run("document.querySelectorAll('#rows tr')[1].dataset.number")
    assert browser.run("document.activeElement.dataset.number") == second
    browser.press("Enter", number=13)
    browser.wait(f"document.querySelector('#detail').dataset.number === '{second}'")
    browser.press("Escape", number=27)
    browser.wait("document.querySelector('#detail').hidden")
    assert browser.run("document.activeElement.dataset.number") == second


def everything_can_be_read(page):
    page.open_first("/auth/login")
    page.click("#edit")
    for hash in ("", "#functions"):
        if hash:
            page.browser.run(f"location.hash = '{hash}'")
            page.browser.wait("document.querySelectorAll('.card').length")
        for theme in ("dark", "light"):
            page.browser.prefer(theme)
            poor = page.browser.run(CONTRAST)
            assert not poor, poor[:8]
            unnamed = page.browser.run(UNNAMED)
            assert not unnamed, unnamed
    page.browser.run("location.hash = '#invocations'")


def both_themes_and_a_phone_do(page):
    browser = page.browser
    browser.prefer("dark")
    page.open_first("/auth/login")
    page.picture("dark")
    browser.size(360, 740, mobile=True)
    for theme in ("dark", "light"):
        browser.prefer(theme)
        page.show()
        browser.wait("document.querySelectorAll('#rows tr').length > 5")
        page.picture(f"phone-{theme}")
        page.open_first("/auth/login")
        page.picture(f"phone-{theme}-detail")
        for hash in ("#invocations", "#functions"):
            wide = browser.run("[document.documentElement.scrollWidth, innerWidth]")
            assert wide[0] <= 360 and wide[1] <= 360, wide
            browser.run(f"location.hash = '{hash}'")
            browser.wait("document.querySelectorAll('.card').length" if hash == "#functions" else "document.querySelector('#detail').hidden")
        page.picture(f"phone-{theme}-functions")
    browser.size(1440, 900)
    browser.prefer("light")


def the_list_is_cleared(page):
    browser = page.browser
    browser.run("location.hash = '#invocations'")
    page.click("#clear")
    browser.wait("document.querySelectorAll('#rows tr').length === 0 && !document.querySelector('#empty').hidden")


def nothing_leaves_and_nothing_complains(page):
    strangers = [url for url in page.browser.requests if not url.startswith((page.origin, "data:", "about:"))]
    assert not strangers, strangers
    assert not page.browser.problems, page.browser.problems


TESTS = [
    requests_appear_while_one_looks, the_list_is_filtered, the_detail_tells_everything, secrets_are_masked_unless_asked,
    a_request_is_sent_again, a_request_is_edited_and_sent, commands_are_copied, functions_show_pools_and_histograms,
    the_keyboard_is_enough, everything_can_be_read, both_themes_and_a_phone_do, the_list_is_cleared,
    nothing_leaves_and_nothing_complains,
]

if __name__ == "__main__":
    sys.exit(run(TESTS, Page))
