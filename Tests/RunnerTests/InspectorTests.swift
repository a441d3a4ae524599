import Foundation
import Testing

@Suite(.serialized) struct InspectorTests: InspectorSuite {
    let gateway: TestRunner
    private let client: Client

    init() throws {
        gateway = try TestRunner()
        client = try gateway.connect()
    }

    // MARK: Who may look

    @Test(arguments: [
        "example.com", "localhost", "localhost:1", "127.0.0.1.example.com", "evil.localhost", "[::2]",
    ]) func anotherHostIsRefused(_ host: String) throws {
        for path in ["", "/invocations", "/metrics"] {
            #expect(try look(path, Look(host: host)).status == 403)
        }
        #expect(try look("", Look(host: "127.0.0.1:\(gateway.port)")).status == 200)
    }

    @Test(arguments: ["X-Forwarded-For: 1.2.3.4", "Forwarded: for=1.2.3.4", "X-Real-IP: 1.2.3.4", "Via: 1.1 proxy"])
    func whatAProxyPassesOnIsRefused(_ header: String) throws {
        #expect(try look("/state", Look(headers: [header])).status == 403)
        #expect(try look("/metrics", Look(headers: [header])).status == 403)
    }

    @Test func otherPagesAreRefused() throws {
        for header in [
            "Origin: http://example.com", "Origin: null", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site",
        ] {
            #expect(try look("/invocations", Look(headers: [header])).status == 403)
        }
        let link = ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"]
        #expect(try look("", Look(headers: link)).status == 200)
        #expect(try look("", Look(headers: Array(link.dropLast()) + ["Sec-Fetch-Dest: iframe"])).status == 403)
    }

    @Test func whatChangesSomethingNeedsTheOriginAndTheToken() throws {
        #expect(try client.say("once", to: "/moody").text == "once")
        let token = try token()
        let origin = "Origin: http://localhost:\(gateway.port)"
        for path in ["/invocations/1/replay", "/invocations/1/send", "/clear"] {
            for headers in [
                [], [origin], ["X-Runner-Token: \(token)"], [origin, "X-Runner-Token: \(token.dropLast())A"],
                ["Origin: http://example.com", "X-Runner-Token: \(token)"],
            ]
            where !headers.contains("X-Runner-Token: \(token.dropLast())A") || !token.hasSuffix("A") {
                #expect(
                    try look(path, Look(method: "POST", headers: headers, body: "{}")).status == 403,
                    "\(path) \(headers)")
            }
        }
        #expect(try invocations().count == 1)
        #expect(try act("/invocations/1/replay", token: token).json["number"] as? Int == 2)
        #expect(try act("/invocations/9/replay", token: token).status == 404)
        #expect(try act("/nothing", token: token).status == 404)
        #expect(try act("/clear", token: token).status == 200)
        #expect(try invocations().isEmpty)
    }

    @Test(.enabled(if: geteuid() == 0, "needs root, to be somebody else")) func otherUsersAreRefused() throws {
        func status(_ path: String, as user: Int) throws -> String {
            try shell(
                "setpriv --reuid=\(user) --clear-groups curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:\(gateway.port)/_runner\(path)"
            )
        }
        #expect(try status("/invocations", as: 65534) == "403")
        #expect(try status("/metrics", as: 65534) == "200")
        #expect(try status("/invocations", as: 0) == "200")
    }

    @Test func itCanBeSwitchedOff() throws {
        let gateway = try TestRunner(["--no-inspector"])
        #expect(try look("", on: gateway).status == 404)
        #expect(try look("/invocations", on: gateway).status == 404)
        #expect(try look("/metrics", on: gateway).status == 200)
        let silent = try TestRunner(["--no-inspector", "--metrics", "off"])
        #expect(try look("/metrics", on: silent).status == 404)
        let open = try TestRunner(["--metrics", "any"])
        #expect(try look("/metrics", Look(host: "gateway.example.com"), on: open).status == 200)
        #expect(try look("", Look(host: "gateway.example.com"), on: open).status == 403)
    }

    @Test func thePageMayRunOnlyItsOwnScript() throws {
        let page = try look("")
        let policy = page.header("content-security-policy") ?? ""
        #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
        #expect(!policy.contains("unsafe"))
        #expect(page.header("cache-control") == "no-store" && page.header("x-content-type-options") == "nosniff")
        #expect(try token() != "{{token}}" && token().count >= 43)
        #expect(page.text.range(of: #"(src|href)="https?:"#, options: .regularExpression) == nil)
    }

    // MARK: What is shown

    @Test func anInvocationIsToldInFull() throws {
        client.send(
            "POST /api/v1/moody HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: one\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nloud"
        )
        #expect(try client.response().text == "loud")
        let line = try #require(try invocations().first)
        #expect(
            line["function"] as? String == "moody" && line["status"] as? Int == 200 && line["cold"] as? Bool == true)
        #expect(
            line["requestId"] as? String == "one" && line["requestBytes"] as? Int == 4
                && line["responseBytes"] as? Int == 4)
        let (total, queue, function, gateway) = (
            line["totalMs"], line["queueMs"], line["functionMs"], line["gatewayMs"]
        )
        let parts = [queue, function, gateway].compactMap { $0 as? Double }
        #expect(parts.count == 3 && abs(parts.reduce(0, +) - (total as? Double ?? 0)) < 0.01)
        #expect((line["memory"] as? Int ?? 0) > 1_000_000)
        usleep(100_000)
        let detail = try look("/invocations/1").json
        let said = [#"said aloud"#, #"{"level":"info","message":"said in JSON"}"#]
        #expect(detail["stderr"] as? [String] == said)
        #expect((detail["request"] as? [String: Any])?["body"] as? String == "loud")
        #expect((detail["response"] as? [String: Any])?["statusCode"] as? Int == 200)
    }

    @Test func failuresKeepWhatTheFunctionWrote() throws {
        #expect(try client.say("garbage", to: "/moody").status == 502)
        #expect(try client.ask("GET", "/nowhere").status == 404)
        let lines = try invocations()
        #expect(lines.map { $0["status"] as? Int } == [502, 404])
        #expect(try look("/invocations/1").json["response"] as? String == "no JSON at all")
        #expect(lines[1]["function"] is NSNull)
    }

    /// Sends the body whole, and without its last bytes, which makes it malformed.
    @Test(arguments: [0, 1, 9]) func secretsAreMaskedOnThisSide(_ missing: Int) throws {
        client.send(Self.request(String(Self.secretBody.dropLast(missing))))
        #expect(try client.response().status == 200)
        let masked =
            try look("/invocations/1").text + look("/invocations").text + look("/invocations/1/pipe").text
            + look("/invocations/1/curl").text
        #expect(!masked.contains("abc-secret") && masked.contains("••••••"))
        #expect(masked.contains("a@b.c") == (missing == 0))
        #expect(try look("/invocations/1?secrets=1").status == 403)
        #expect(try look("/invocations/1/pipe?secrets=1").status == 403)
        let shown = try look("/invocations/1?secrets=1", Look(headers: ["X-Runner-Token: \(token())"])).text
        for number in 1...5 { #expect(shown.contains("abc-secret-\(number)")) }
    }

    @Test func whatWasEditedIsSentWithItsSecrets() throws {
        client.send(Self.secretRequest)
        _ = try client.response()
        var request = try #require(try look("/invocations/1").json["request"] as? [String: Any])
        var body = try #require(request["body"] as? [String: Any])
        body["email"] = "changed@b.c"
        request["body"] = body
        let edited = String(decoding: try JSONSerialization.data(withJSONObject: request), as: UTF8.self)
        #expect(try act("/invocations/1/send", token: token(), body: edited).json["number"] as? Int == 2)
        let sent =
            try look("/invocations/2?secrets=1", Look(headers: ["X-Runner-Token: \(token())"])).json["request"]
            as? [String: Any]
        let sentBody = try #require(sent?["body"] as? [String: Any])
        #expect(sentBody["email"] as? String == "changed@b.c" && sentBody["password"] as? String == "abc-secret-4")
        #expect((sent?["headers"] as? [String: String])?["authorization"] == "Bearer abc-secret-2")
        #expect(try act("/invocations/1/send", token: token(), body: #"{"body": {"other": "••••••"}}"#).status == 422)
        #expect(try act("/invocations/1/send", token: token(), body: "[").status == 400)
    }

    @Test func oldAndLargeOnesAreLetGo() throws {
        let small = try TestRunner(["--inspector-entries", "3", "--inspector-body", "2000"])
        let client = try small.connect()
        for number in 1...5 { #expect(try client.ask("GET", "/echo/n\(number)").status == 200) }
        let list = try look("/invocations", on: small).json["invocations"] as? [[String: Any]]
        #expect(list?.compactMap { $0["number"] as? Int } == [3, 4, 5])
        #expect(try look("/invocations/1", on: small).status == 404)
        #expect(try client.say(String(repeating: "x", count: 5000), to: "/moody").status == 200)
        let detail = try look("/invocations/6", on: small).json
        #expect(
            (detail["omittedRequestBytes"] as? Int ?? 0) > 5000 && (detail["omittedResponseBytes"] as? Int ?? 0) > 5000)
        #expect((detail["request"] as? [String: Any])?["rawPath"] as? String == "/api/v1/moody")
        #expect(try look("/invocations/6/pipe", on: small).status == 409)
    }

    @Test func whatNeverCameToItsEndIsNotKept() throws {
        let head = "POST /api/v1/moody HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
        try gateway.connect().send("\(head)Content-Length: 60000\r\n\r\n" + String(repeating: "x", count: 50_000))
        let deadline = Date() + 10
        while try invocations().isEmpty, Date() < deadline { usleep(20_000) }
        let invocation = try #require(try invocations().first)
        #expect(invocation["status"] as? Int == 499 && invocation["canReplay"] as? Bool == false, "\(invocation)")
        let detail = try look("/invocations/1").json
        #expect((detail["omittedRequestBytes"] as? Int ?? 0) > 50_000)
        #expect((detail["request"] as? [String: Any])?["body"] == nil)
        #expect(try look("/invocations/1/pipe").status == 409)
    }

    @Test func newsComeAtOnceAndTheStreamsEndWithTheGateway() throws {
        let page = try gateway.connect()
        page.send("GET /_runner/events HTTP/1.1\r\nHost: localhost:\(gateway.port)\r\n\r\n")
        #expect(try page.head().header("content-type") == "text/event-stream")
        #expect(try client.ask("GET", "/echo/live").status == 200)
        var news = ""
        while !news.contains("event: invocations"), let part = try page.chunk() {
            news += String(decoding: part, as: UTF8.self)
        }
        #expect(news.contains("/api/v1/echo/live"))
        gateway.signal(SIGTERM)
        #expect(gateway.end() == 0)
    }

    @Test func aStreamThatWasOnlyAskedAboutGetsNothing() throws {
        let page = try gateway.connect()
        page.send("HEAD /_runner/events HTTP/1.1\r\nHost: localhost:\(gateway.port)\r\n\r\n")
        #expect(try page.response(toHead: true).status == 200)
        let gate = gateway.folder.appendingPathComponent("gate")
        page.send("GET /api/v1/flow?until=\(gate.path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(try page.head().status == 200)
        #expect(try page.chunk() == Array("first".utf8))
        #expect(try client.ask("GET", "/echo/other").status == 200)
        usleep(400_000)
        try Data().write(to: gate)
        #expect(try page.chunk() == Array("second".utf8))
    }

    @Test func bodiesMadeToBeSlowAreNot() throws {
        let body = "{" + (0..<20_000).map { "\"k\($0)\":1" }.joined(separator: ",") + "}"
        let large = try TestRunner(["--inspector-body", "1000000"])
        let client = try large.connect()
        client.send(
            "POST /api/v1/moody HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 60001\r\n\r\n"
                + body.prefix(60_000) + "}")
        #expect(try client.response().status == 200)
        let start = ContinuousClock.now
        #expect(try look("/invocations/1", on: large).status == 200)
        #expect(ContinuousClock.now - start < .seconds(1))
    }
}
