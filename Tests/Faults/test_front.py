"""What the runner itself decides before a function is asked, and after: hosts, paths, the log, the end."""

import json
import re
import signal
import subprocess
import unittest

from harness import ECHO, ROOT, RUNNER, Client, Runner, eventually, function

PATH = function("/things/{id}", "reply(request['pathParameters']['id'])")
SLOW = function("/slow", "time.sleep(1)\nreply('slow')")


class HostTests(unittest.TestCase):
    def status(self, client, host, target="/api/v1/echo"):
        client.send(f"POST {target} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1\r\nContent-Type: text/plain\r\n\r\nx")
        return client.response()

    # A name without a dot is none of a website's.
    local = ("gateway", "localhost", "localhost:3001", "LocalHost", "localhost.", "127.0.0.1", "127.0.0.1:80", "127.5.6.7:1", "[::1]", "[::1]:3001")
    foreign = ("evil.example", "evil.example:3001", "localhost.evil.example", "127.0.0.1.evil.example", "notlocalhost.example",
               "0.0.0.0", "10.0.0.1", "128.0.0.1", "127.1", "2130706433", "0x7f.0.0.1", "[::2]", "::1", "[127.0.0.1]", "[::1", "")

    def check(self, runner, own=(), others=()):
        for host in (*own, *others):
            with self.subTest(host), runner.connect() as client:
                answer = self.status(client, host)
                self.assertEqual(answer.status, 200 if host in own else 421, answer)
                if host in others:
                    self.assertEqual(json.loads(answer.text)["error"]["code"], "MISDIRECTED_REQUEST")
                    self.assertIn("ALLOWED_HOSTS", answer.text)

    def test_on_a_loopback_address_only_local_hosts_are_answered(self):
        with Runner({"echo": ECHO}) as runner:
            self.check(runner, self.local, self.foreign)
            with runner.connect() as client:
                self.assertEqual(self.status(client, "localhost", "http://evil.example/api/v1/echo").status, 421)
                self.assertEqual(self.status(client, "localhost", "http://127.0.0.1/api/v1/echo").status, 200)
                client.send("GET /api/v1/nowhere HTTP/1.1\r\nHost: evil.example\r\n\r\n")
                self.assertEqual(client.response().status, 421)
                # No browser speaks HTTP/1.0 without a host.
                client.send("POST /api/v1/echo HTTP/1.0\r\nContent-Length: 0\r\n\r\n")
                self.assertEqual(client.response().status, 200)
            self.assertEqual(len(runner.logged("a request for another host was refused")), 1)

    def test_a_variable_names_further_hosts(self):
        with Runner({"echo": ECHO}, ALLOWED_HOSTS="api.example.com, Other.Example") as runner:
            self.check(runner, ("localhost", "api.example.com", "API.example.com:443", "other.example"),
                       ("example.com", "x.api.example.com", "evil.example"))
        with Runner({"echo": ECHO}, ALLOWED_HOSTS="*") as runner:
            self.check(runner, ("evil.example",))

    def test_elsewhere_every_host_is_answered_unless_the_variable_names_some(self):
        with Runner({"echo": ECHO}, "--socket", "socket") as runner:
            with Client(str(runner.folder / "socket")) as client:
                self.assertEqual(self.status(client, "evil.example").status, 200)
        with Runner({"echo": ECHO}, "--socket", "socket", ALLOWED_HOSTS="api.example.com") as runner:
            with Client(str(runner.folder / "socket")) as client:
                self.assertEqual(self.status(client, "evil.example").status, 421)
                self.assertEqual(self.status(client, "api.example.com").status, 200)

    def test_a_list_that_cannot_be_understood_stops_the_start(self):
        for wrong in ("https://api.example.com", "api.example.com:443", "a b"):
            with self.subTest(wrong), self.assertRaises(AssertionError) as failure:
                Runner({"echo": ECHO}, ALLOWED_HOSTS=wrong)
            self.assertIn("ALLOWED_HOSTS", str(failure.exception))


class PathTests(unittest.TestCase):
    def test_a_slash_at_the_end_means_nothing(self):
        with Runner({"echo": ECHO, "things": PATH}) as runner:
            for path, text in {"/echo": "x", "/echo/": "x", "/things/a": "a", "/things/a/": "a"}.items():
                self.assertEqual(runner.ask("POST", path, "x").text, text)
            self.assertEqual(runner.ask("GET", "/echo/").status, 405)
            for path in ("/echo//", "//echo", "/things//", "/things/", "/things//a", "/things/a//", "/"):
                self.assertEqual(runner.ask("POST", path, "x").status, 404, path)


class LogTests(unittest.TestCase):
    hidden = "\u202e\u2066\u200f\u200b\u2028\u2029\ufeff\u00ad\u0085\u009b\u180e\u3164\U000e0041\ufe0f\u00a0\u061c\u2800"

    def lines(self, log_format):
        say = function("/say", f"sys.stderr.write('said ' + {self.hidden!r} + '\\n')\nsys.stderr.flush()\nreply('')")
        with Runner({"say": say}, "--quiet=0", "--log-format", log_format) as runner:
            runner.ask("POST", "/say", "x")
            runner.ask("GET", f"/there{self.hidden}gnp.exe")
            return eventually(lambda: [line for line in runner.log_file.read_text().split("\n")
                                       if "gnp.exe" in line or "said" in line][1:] and
                              runner.log_file.read_text().split("\n"), "it is logged")

    def test_the_log_shows_no_character_that_cannot_be_seen_or_turns_text_around(self):
        for log_format in ("pretty", "json"):
            with self.subTest(log_format):
                text = "\n".join(self.lines(log_format))
                self.assertEqual([character for character in self.hidden if character in text], [])

    def test_what_the_log_hides_its_json_still_says(self):
        paths = [json.loads(line).get("path") for line in self.lines("json") if line]
        self.assertIn(f"/api/v1/there{self.hidden}gnp.exe", paths)


class VariableTests(unittest.TestCase):
    # The runner's own, and those by which a function finds out who calls it.
    others = {"HOST", "PORT", "BASE_PATH", "ALLOWED_HOSTS", "FUNCTION_GATEWAY", "FUNCTION_STREAMING", "FCGI_WEB_SERVER_ADDRS"}

    def test_functions_get_every_variable_that_the_readme_lists(self):
        table = (ROOT / "README.md").read_text().split("| variable | default |")[1].split("\n\n")[0]
        first = "".join(row.split("|")[1] for row in table.splitlines() if "|" in row)
        listed = set(re.findall(r"`([A-Z][A-Z_]+)`", first))
        self.assertIn("RATE_LIMIT_CHAT", listed)
        show = function("/show", "reply(' '.join(os.environ))")
        # Those of AWS only for a store of objects.
        given = {name: "1" for name in listed - self.others - {"DATA_DIR"}} | {"BLOBS": "s3://bucket"}
        with Runner({"show": show}, **given) as runner:
            self.assertEqual(listed - self.others - set(runner.ask("POST", "/show", "").text.split()), set())

    proxies = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"}
    certificates = {"SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE"}

    def test_functions_get_the_variables_in_which_curl_finds_proxies_and_certificates(self):
        show = function("/show", "reply(' '.join(os.environ))")
        given = {name: "1" for name in self.proxies | self.certificates | {"HTTP_PROXY", "CHAT_X", "LOG_X"}}
        with Runner({"show": show}, **given) as runner:
            passed = set(runner.ask("POST", "/show", "").text.split())
        self.assertEqual((self.proxies | self.certificates) - passed, set())
        # A web server makes the first of a client's `Proxy:` header; the others are read by nobody.
        self.assertEqual({"HTTP_PROXY", "CHAT_X", "LOG_X"} & passed, set())

    def test_lists_are_separated_by_blanks_too_as_for_the_functions(self):
        origins = "https://a.example https://b.example"
        with Runner({"echo": ECHO}, CORS_ORIGINS=origins) as runner:
            for origin in origins.split():
                answer = runner.ask("GET", "/nowhere", headers=f"Origin: {origin}\r\n")
                self.assertEqual((answer.status, answer.headers.get("access-control-allow-origin")), (404, origin))

    def test_the_base_path_has_the_rules_that_the_functions_have(self):
        for path in ("api", "/a b", "/a/../b", "//", "/a?b", "/a%20b"):
            with self.subTest(path), self.assertRaisesRegex(AssertionError, "BASE_PATH"):
                with Runner({"echo": ECHO}, BASE_PATH=path):
                    pass

    def test_the_manual_names_every_variable_that_functions_get(self):
        manual = subprocess.run([RUNNER, "help", "serve"], capture_output=True, text=True, check=True).stdout
        words = set(re.findall(r"[A-Za-z_]+", manual.split("\nENVIRONMENT\n")[1].split("\nEXIT STATUS\n")[0]))
        names = ("REFRESH_TOKEN_TTL", "PDF_SLOTS", "QUOTA_BYTES", "MIN_FREE_BYTES", "WEBHOOKS_PER_WORKSPACE", "MAX_API_KEYS",
                 "REGISTRATION", "https_proxy")
        show = function("/show", "reply(' '.join(os.environ))")
        with Runner({"show": show}, **{name: "1" for name in names}) as runner:
            for name in runner.ask("POST", "/show", "").text.split():
                beginnings = {name[:end] for end, letter in enumerate(name, 1) if letter == "_"}
                # Python sets the one, the runner the other for itself.
                if name not in ("LC_CTYPE", "NEXLAYER_RUNNER"):
                    self.assertTrue(words & {name, *beginnings}, f"{name} is not in the manual")


class EndTests(unittest.TestCase):
    request = "POST /api/v1/slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"

    def test_requests_that_were_read_before_the_end_close_their_connection(self):
        with Runner({"slow": SLOW}) as runner, runner.connect() as one, runner.connect() as two:
            one.send(self.request)
            two.send(self.request * 3)
            eventually(lambda: len(runner.serving()) == 2, "both are served")
            runner.process.send_signal(signal.SIGTERM)
            answer = one.response()
            self.assertEqual((answer.text, answer.headers.get("connection")), ("slow", "close"))
            self.assertTrue(one.is_closed())
            # Of three that were read, the last one says it.
            for connection in (None, None, "close"):
                answer = two.response()
                self.assertEqual((answer.text, answer.headers.get("connection")), ("slow", connection))
            self.assertTrue(two.is_closed())
            self.assertEqual(runner.process.wait(15), 0)


if __name__ == "__main__":
    unittest.main()
