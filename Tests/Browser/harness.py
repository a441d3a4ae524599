"""What the tests of the pages share: the real runner, and what every page must be."""

import sys
import tempfile
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "TestSupport" / "Python"))
from browser import CHROMIUM, Browser  # noqa: E402
from running import ROOT, UNLIMITED, RunnerProcess  # noqa: E402, F401

CONTRAST = """
(() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const channels = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((each) => (each /= 255) <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (; element; element = element.parentElement) {
      const colour = channels(getComputedStyle(element).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const poor = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    if (element.closest('script, style, noscript, .hidden')) continue;
    const [a, b] = [light(channels(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.add(`${ratio.toFixed(2)} ${element.className || element.tagName} ${node.data.slice(0, 30)}`);
  }
  return [...poor];
})()
"""

UNNAMED = """
[...document.querySelectorAll('button, a[href], input, select, textarea, summary')]
  .filter((each) => !(each.getAttribute('aria-label') || each.textContent.trim() || each.labels?.length))
  .map((each) => each.outerHTML.slice(0, 120))
"""


class Runner:
    """The gateway with an empty installation. Use it as a context; gives its origin."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="nexlayer-browser-")
        passed = [argument for name in UNLIMITED for argument in ("--env", name)]
        self.runner = RunnerProcess(self.folder.name, *passed, **UNLIMITED)
        return self.runner.origin

    def __exit__(self, *_):
        self.runner.stop()
        self.folder.cleanup()


def run(tests, make_page):
    """Runs tests of one page in their order; `--pictures FOLDER` has them take screenshots."""
    if not CHROMIUM:
        print("skipped: chromium is not installed")
        return 0
    pictures = Path(sys.argv[2]) if sys.argv[1:2] == ["--pictures"] else None
    passed = failed = 0
    with Runner() as origin, Browser() as browser:
        browser.size(1440, 900)
        browser.prefer("light")
        page = make_page(browser, origin, pictures)
        page.show()
        for test in tests:
            try:
                test(page)
                passed += 1
            except (AssertionError, RuntimeError):
                failed += 1
                print(f"✘ {test.__name__}", file=sys.stderr)
                traceback.print_exc(limit=2)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0
