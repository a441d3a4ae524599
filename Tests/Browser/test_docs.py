#!/usr/bin/env python3
"""Reads and uses the page of `GET /docs` in a headless Chromium, served by the real runner.

    Tests/Browser/test_docs.py [--pictures FOLDER]

Says what failed, and closes with "N passed, N failed".
"""

import json
import re
import sys
import tempfile
import urllib.request
from pathlib import Path

from harness import CONTRAST, ROOT, UNNAMED, run

TEXT = "The returns desk is open from nine to five. Refunds take ten working days.\n"
PASSWORD = "correct horse battery"

class Page:
    """The page, and how to use an operation on it."""

    def __init__(self, browser, origin, pictures):
        self.browser, self.origin, self.pictures = browser, origin, pictures
        self.url = f"{origin}/api/v1/docs"

    def show(self):
        self.browser.open(self.url)
        self.browser.wait("document.querySelectorAll('.operation').length > 0")

    def fill(self, selector, value):
        self.browser.run(f"""(() => {{
            const field = document.querySelector({json.dumps(selector)});
            field.value = {json.dumps(value)};
            field.dispatchEvent(new Event('input', {{bubbles: true}}));
        }})()""")

    def click(self, selector):
        self.browser.run(f"document.querySelector({json.dumps(selector)}).click()")

    def attempt(self, operation, body=None):
        self.browser.run(f"document.querySelector('#{operation} .try').open = true")
        if body is not None:
            self.fill(f"#{operation} textarea", json.dumps(body))
        self.click(f"#{operation} .try form button.main")
        self.browser.wait(f"!document.querySelector('#{operation} .try form button.main').disabled")
        return self.browser.wait(f"document.querySelector('#{operation} .answer').textContent")

    def picture(self, name):
        if self.pictures:
            self.browser.picture(self.pictures / f"{name}.png")


def shows_every_operation(page):
    with urllib.request.urlopen(f"{page.origin}/api/v1/openapi.json") as answer:
        paths = json.load(answer)["paths"]
    wanted = {operation["operationId"] for item in paths.values() for operation in item.values()}
    shown = page.browser.run("[...document.querySelectorAll('[data-operation]')].map((each) => each.dataset.operation)")
    assert len(shown) == len(set(shown)) and set(shown) == wanted, wanted ^ set(shown)
    assert {"docs", "openapi"} <= wanted


def snippets_call_what_the_sdks_have(page):
    """Each snippet calls the method that the contract names; the SDKs' own tests call each of these."""
    paths = json.loads((ROOT / "deploy" / "openapi.json").read_text())["paths"]
    named = {entry["operationId"]: entry["x-sdk"]["method"]
             for methods in paths.values() for entry in methods.values() if "x-sdk" in entry}
    for language in ("JavaScript", "Python"):
        page.browser.run(
            f"[...document.querySelectorAll('[role=tab]')].find((each) => each.textContent === '{language}').click()")
        snippets = page.browser.run(
            "Object.fromEntries([...document.querySelectorAll('article[data-operation]')].map("
            "(each) => [each.dataset.operation, each.querySelector('.snippet code').textContent]))")
        assert set(named) <= set(snippets), set(named) - set(snippets)
        for operation, method in {**named, "sendMessage": "chat.stream"}.items():
            if language == "Python":
                method = re.sub("[A-Z]", lambda letter: "_" + letter[0].lower(), method)
            assert f"client.{method}(" in snippets[operation], (operation, method, snippets[operation])


def a_choice_of_fields_is_told_and_made(page):
    told = page.browser.run("document.querySelector('#addMember').textContent")
    assert "Exactly one of userId, email." in told, told
    body = json.loads(page.browser.run("document.querySelector('#addMember textarea').value"))
    assert set(body) == {"email", "role"}, body


def every_snippet_and_fold_can_be_made(page):
    browser = page.browser
    for name in ("JavaScript", "Python", "Pipe", "curl"):
        browser.run(f"[...document.querySelectorAll('[role=tab]')].find((each) => each.textContent === '{name}').click()")
        texts = browser.run("[...document.querySelectorAll('.snippet code')].map((each) => each.textContent)")
        bad = [text for text in texts if not text or "undefined" in text or "[object" in text]
        assert texts and not bad, bad
    browser.run("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    browser.wait("document.querySelectorAll('main details[open]').length === document.querySelectorAll('main details').length "
                 "|| void document.querySelectorAll('details').forEach((each) => { each.open = true; })")


def everything_can_be_read(page):
    """With all that folds open: contrast AA in both themes, and a name for all that can be used."""
    for theme in ("light", "dark"):
        page.browser.prefer(theme)
        poor = page.browser.run(CONTRAST)
        assert not poor, poor[:8]
    page.browser.prefer("light")
    unnamed = page.browser.run(UNNAMED)
    assert not unnamed, unnamed


def links_lead_to_operations(page):
    page.browser.open("about:blank")
    page.browser.open(page.url + "#searchDocuments")
    page.browser.wait("Math.abs(document.querySelector('#searchDocuments')?.getBoundingClientRect().top - 56) < 20")
    page.browser.wait("document.querySelector('.contents [aria-current]')?.hash === '#searchDocuments'")
    page.picture("operation")


def the_filter_finds(page):
    browser = page.browser
    browser.press("/", "Slash", 191, "/")
    assert browser.run("document.activeElement.id") == "filter"
    page.fill("#filter", "delete webhook")
    shown = browser.run("[...document.querySelectorAll('.operation')].filter((each) => !each.hidden).map((each) => each.id)")
    assert shown == ["deleteWebhook"], shown
    page.fill("#filter", "nothing has this")
    assert browser.run("document.querySelector('main > .notice:not([hidden])').textContent").startswith("No operation")
    browser.press("Escape", number=27)
    assert browser.run("[...document.querySelectorAll('.operation')].every((each) => !each.hidden)")


def the_theme_is_switched_and_remembered(page):
    browser = page.browser
    paper = "getComputedStyle(document.body).backgroundColor"
    browser.prefer("dark")
    dark = browser.run(paper)
    browser.prefer("light")
    light = browser.run(paper)
    assert dark != light
    for _ in range(3):
        if browser.run("document.documentElement.dataset.theme") != "dark":
            page.click("#theme")
    page.show()
    assert browser.run(paper) == dark
    page.picture("dark")
    browser.run("localStorage.clear()")
    page.show()
    assert browser.run(paper) == light
    page.picture("light")


def without_a_token_it_says_what_helps(page):
    answer = page.attempt("createWorkspace", {"name": "Handbook"})
    assert answer.startswith("401") and "UNAUTHORIZED" in answer and "Sign in" in answer, answer


def people_register_and_log_in(page):
    browser = page.browser
    for button in ("register", "login"):
        page.click("#account")
        page.fill("dialog [name=email]", "ada@example.com")
        page.fill("dialog [name=password]", PASSWORD)
        page.fill("dialog [name=name]", "Ada")
        page.picture("sign-in")
        page.click(f"dialog button[value={button}]")
        browser.wait("!document.querySelector('dialog').open && document.querySelector('#account').textContent === 'Ada · admin'")
    assert browser.run("sessionStorage.getItem('token').split('.').length") == 3
    assert "eyJ" not in browser.run("JSON.stringify({...localStorage}) + document.cookie")
    page.click("#account")
    page.fill("dialog [name=password]", "wrong")
    page.click("dialog button[value=login]")
    assert browser.wait("document.querySelector('dialog .problem:not([hidden])')?.textContent")
    browser.press("Escape", number=27)
    browser.wait("!document.querySelector('dialog').open")


def a_workspace_is_made_and_its_id_fills_the_fields(page):
    answer = page.attempt("createWorkspace", {"name": "<img src=x onerror=alert(1)>"})
    assert answer.startswith("201") and "Workspace created" in answer and "location" in answer, answer
    assert page.browser.run("document.querySelectorAll('.answer img').length") == 0
    assert page.browser.run("document.querySelector('#sendMessage .try input').value").startswith("ws_")
    assert "ws_" in page.browser.run("document.querySelector('#getWorkspace .snippet code').textContent")
    page.browser.run("document.querySelector('#createWorkspace').scrollIntoView({behavior: 'instant'})")
    page.picture("tried")


def wrong_input_is_explained(page):
    answer = page.attempt("createWorkspace", {"name": ""})
    assert answer.startswith("422") and "VALIDATION_ERROR" in answer and "name" in answer, answer
    page.fill("#createWorkspace textarea", "{")
    page.click("#createWorkspace .try form button.main")
    assert "not JSON" in page.browser.run("document.querySelector('#createWorkspace .answer').textContent")


def a_file_is_uploaded_and_downloaded(page):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "returns.txt"
        file.write_text(TEXT)
        page.browser.run("document.querySelector('#uploadDocument .try').open = true")
        page.browser.choose_file("#uploadDocument input[type=file]", file)
        answer = page.attempt("uploadDocument")
    assert answer.startswith("201") and '"processed"' in answer, answer
    answer = page.attempt("getDocumentContent")
    assert answer.startswith("200"), answer
    link = "document.querySelector('#getDocumentContent .answer a[download]')"
    assert page.browser.run(f"{link}.download") == "returns.txt"
    assert page.browser.run(f"fetch({link}.href).then((each) => each.text()).catch(() => 'refused')") in (TEXT, "refused")


def a_chat_is_streamed(page):
    answer = page.attempt("sendMessage", {"message": "How long do refunds take?"})
    assert answer.startswith("200") and "event: start" in answer and "event: done" in answer, answer
    words = page.browser.run("document.querySelector('#sendMessage .words').textContent")
    assert "ten working days" in words, words
    assert answer.count("event: delta") > 3
    page.browser.run("document.querySelector('#sendMessage').scrollIntoView({behavior: 'instant'})")
    page.picture("streamed")


def a_phone_scrolls_one_way_only(page):
    browser = page.browser
    browser.size(360, 740, mobile=True)
    page.show()
    for theme in ("light", "dark"):
        browser.prefer(theme)
        page.picture(f"phone-{theme}")
    browser.prefer("light")
    browser.run("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    wide = browser.run("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= 360 and wide[1] <= 360, wide
    browser.run("document.querySelector('#createWorkspace').scrollIntoView({behavior: 'instant'})")
    page.picture("phone-operation")
    page.click("#menu")
    assert browser.run("document.querySelector('#contents').checkVisibility()")
    page.picture("phone-contents")
    page.click(".contents a[href='#login']")
    assert not browser.run("document.querySelector('#contents').checkVisibility()")
    browser.size(1440, 900)


def nothing_leaves_and_nothing_complains(page):
    strangers = [url for url in page.browser.requests if not url.startswith((page.origin, "data:", "about:", "blob:"))]
    assert not strangers, strangers
    # Answers of 4xx are what some of these tests ask for; the browser logs each.
    problems = [each for each in page.browser.problems
                if not ("status of 4" in each and "/api/v1/" in each and "openapi.json" not in each) and "blob:" not in each]
    assert not problems, problems


TESTS = [
    shows_every_operation, snippets_call_what_the_sdks_have, a_choice_of_fields_is_told_and_made, every_snippet_and_fold_can_be_made, everything_can_be_read, links_lead_to_operations,
    the_filter_finds, the_theme_is_switched_and_remembered, without_a_token_it_says_what_helps, people_register_and_log_in,
    a_workspace_is_made_and_its_id_fills_the_fields, wrong_input_is_explained, a_file_is_uploaded_and_downloaded,
    a_chat_is_streamed, a_phone_scrolls_one_way_only, nothing_leaves_and_nothing_complains,
]


if __name__ == "__main__":
    sys.exit(run(TESTS, Page))
