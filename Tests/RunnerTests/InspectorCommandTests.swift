import Foundation
import Testing

@Suite(.serialized) struct InspectorCommandTests: InspectorSuite {
    let gateway: TestRunner
    private let client: Client

    init() throws {
        gateway = try TestRunner()
        client = try gateway.connect()
    }

    // MARK: Commands

    @Test func aPipeWorksWhenItIsPasted() throws {
        let text = "it's $HOME `id` \\n \"quoted\" \u{1F600} é\nsecond line %s"
        #expect(try client.say(text, to: "/moody").text == text)
        let pipe = try look("/invocations/1/pipe?secrets=1", Look(headers: ["X-Runner-Token: \(token())"])).text
        let output = try shell(pipe)
        let answer = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
        #expect(answer["body"] as? String == text)
        let curl = try look("/invocations/1/curl").text
        #expect(try shell(curl).hasSuffix(text))
        #expect(
            try client.ask("POST", "/bytes", headers: "Content-Type: image/png\r\n", body: [0, 1, 255, 39]).body == [
                39, 255, 1, 0,
            ])
        let upload = try look("/invocations/3/curl").text
        #expect(
            try shell("(\(upload)) | tail -c 4 | od -An -tu1").trimmingCharacters(in: .whitespacesAndNewlines)
                == "39 255   1   0")
    }

    @Test func maskedSecretsAreVariablesOfTheShell() throws {
        client.send(Self.secretRequest)
        _ = try client.response()
        let pipe = try look("/invocations/1/pipe").text
        let output = try shell("export TOKEN=given-token PASSWORD='given password' COOKIE=c API_KEY=k\n" + pipe)
        #expect(output.contains("Bearer given-token") && output.contains("given password"))
    }

    // MARK: Metrics

    @Test func theMetricsCount() throws {
        for word in ["x", "x", "busy"] { #expect(try client.say(word, to: "/moody").status == 200) }
        #expect(try client.say("crash", to: "/moody").status == 502)
        #expect(try client.say("late", to: "/tardy").status == 504)
        #expect(try client.ask("GET", "/nowhere").status == 404)
        let answer = try look("/metrics")
        #expect(answer.header("content-type") == "text/plain; version=0.0.4; charset=utf-8")
        let lines = Set(answer.text.split(separator: "\n").map(String.init))
        for line in [
            #"runner_requests_total{function="moody",status="2xx"} 3"#,
            #"runner_requests_total{function="moody",status="5xx"} 1"#,
            #"runner_requests_total{function="",status="4xx"} 1"#, #"runner_crashes_total{function="moody"} 1"#,
            #"runner_timeouts_total{function="tardy"} 1"#, #"runner_repeated_writes_total{function="moody"} 3"#,
            #"runner_request_duration_seconds_count{function="moody"} 4"#,
            #"runner_request_duration_seconds_bucket{function="moody",le="+Inf"} 4"#,
            #"runner_request_bytes_total{function="moody"} 11"#, #"runner_queue_length{function="moody"} 0"#,
        ] { #expect(lines.contains(line), "\(line)") }
        let form = #"^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+)$"#
        for line in lines { #expect(line.range(of: form, options: .regularExpression) != nil, "\(line)") }
    }
}
