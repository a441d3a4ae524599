import Foundation
import Testing

/// However a secret is written, it never gets into a recording or onto the inspector's page.
@Suite(.serialized) struct SecretTests {
    private static let secret = "SECRETpwn77"
    private static let number = "123456789012345"
    private static let refresh = "nxr_SECRETpwn77ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"
    private static let json = "Content-Type: application/json\r\n"
    private static let form = "Content-Type: application/x-www-form-urlencoded\r\n"
    private static let multipart = "Content-Type: multipart/form-data; boundary=B\r\n"

    private static let bodies: [(headers: String, body: String)] = [
        (json, "\u{FEFF}{\"password\":\"\(secret)\"}"),
        (json, #"{"password":{"v":"\#(secret)"}}"#),
        (json, #"{"password":[["\#(secret)"]]}"#),
        (json, #"{"password":\#(number)}"#),
        (json, #"{"openapi":"3.1.0","paths":{},"password":"\#(secret)"}"#),
        (json, #"{"statusCode":200,"headers":{"cache-control":"public"},"body":{"password":"\#(secret)"}}"#),
        (json, #"{"user[pass_word]":"\#(secret)"}"#),
        (json, #"{"pass\u0077ord":"\#(secret)""#),
        (json, #"{'password':'\#(secret)'}"#),
        (json, #"{"email":"a&b","password":"a&\#(secret)"#),
        (json, #""{\"password\":\"\#(secret)\"}""#),
        (json, "password: \(secret)"),
        (form, "pass%77ord=\(secret)"),
        (form, "email=a b&password=\(secret)"),
        (form, "api%5Fkey=\(secret)&a=%7b"),
        (form, "a=1&next=https%3A%2F%2Fu%3A\(secret)%40h%2F"),
        (json, #"{"url":"https://u:\#(secret)@h/?token=\#(secret)&x=1"}"#),
        (json, "password \(secret)"), (json, #"["password","\#(secret)"]"#),
        (json, #"{"fields":[{"name":"password","value":"\#(secret)"}]}"#),
        (json, #"{"x":"{\"password\":\"\#(secret)\"}"}"#),
        (json, #"{"x":"[{\"y\":\"{\\\"password\\\":\\\"\#(secret)\\\"}\"}]"}"#),
        (json, #"{"x":"\"{\\\"token\\\":\\\"\#(secret)\\\"}\""}"#),
        (json, #"{"x":"{\"password\":\"\#(secret)"}"#),
        (json, #"{"x":"%7B%22password%22%3A%22\#(secret)%22%7D"}"#),
        (json, #"{"x":{"a":["/login?q=%257B%2522password%2522%253A%2522\#(secret)%2522%257D"]}}"#),
        (json, #"{"url":"https://hooks.slack.com/services/T000/B000/\#(secret)"}"#),
        (json, #"{"url":"https://api.example.org/bot123456:\#(secret)/sendMessage"}"#),
        (json, #"{"url":"https://\#(secret)@example.com/hook"}"#),
        (json, #"{"url":"https://ntfy.example/\#(secret)"}"#),
        (json, #"{"webhook_url":"https://example.com/in?\#(secret)&s=\#(secret)#\#(secret)"}"#),
        (json, #"{"x":["/login?password=\#(secret)&y=1","email=a&password=\#(secret)"]}"#),
        (json, #"{"note":"see https://hooks.slack.com/services/T000/B000/\#(secret) or \#(refresh)"}"#),
        (json, #"{"note":"https://discord.com/api/webhooks/1/\#(secret)"}"#),
        (json, #"{"email":"\#(refresh)","\#(refresh)":1}"#),
        (json, "{\"email\":\"\u{600}\(refresh)\u{301}\"}"),
        ("Content-Type: application/octet-stream\r\n", #"{"password":"\#(secret)"}"#),
        ("Content-Type: text/plain\r\n", "<password>\(secret)</password>"),
        (
            multipart,
            "--B\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n\(secret)\r\n"
                + "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nkey: kept\r\n--B--\r\n"
        ),
    ]
    private static let headers = [
        "X-Auth-Token: ", "X-Api-Key: ", "Idempotency-Key: ", "Cookie: a=", "Cookie: ", "Authorization: ",
        "Authorization: Bearer ", "Authorization: basic ", "Authorization: Other a ", "Proxy-Authorization: Digest ",
        "Referer: https://u:p@h/?api%5Fkey=",
    ]

    private static let queries = [
        "a=%7B%22password%22%3A%22\(secret)%22%7D", "a=%257B%2522password%2522%253A%2522\(secret)%2522%257D",
        "a=%5B%7B%22b%22%3A%22%7B%5C%22token%5C%22%3A%5C%22\(secret)%5C%22%7D%22%7D%5D", "x=\(refresh)",
        "x=nxr%5FSECRETpwn77ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef",
        "u=https%3A%2F%2Fhooks.slack.com%2Fservices%2FT0%2FB0%2F\(secret)", "api%5Fkey=\(secret)",
    ]

    /// Also decodes any base64 in the text.
    private func expectNothing(in text: String, _ what: String) {
        var texts = [text]
        let base64 = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=".utf8)
        for word in text.utf8.split(whereSeparator: { !base64.contains($0) }) {
            if let data = Data(base64Encoded: Data(word)) { texts.append(String(decoding: data, as: UTF8.self)) }
        }
        for text in texts { #expect(!text.contains(Self.secret) && !text.contains(Self.number), "\(what): \(text)") }
    }

    @Test func noneIsShownOrRecorded() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("secrets-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let gateway = try TestRunner(["--record", file])
        let client = try gateway.connect()
        for (headers, body) in Self.bodies {
            _ = try client.ask("POST", "/bytes", headers: headers, body: Array(body.utf8))
            // That function echoes the body's text, which is base64 for these.
            if headers.contains("octet-stream") || headers.contains("multipart") { continue }
            _ = try client.ask("POST", "/moody", headers: headers, body: Array(body.utf8))
        }
        for header in Self.headers {
            _ = try client.ask("GET", "/echo/x?a=1", headers: "\(header)\(Self.secret)\r\n")
        }
        for query in Self.queries { _ = try client.ask("GET", "/echo/x?\(query)&page=2") }
        let count = Self.bodies.count * 2 - 2 + Self.headers.count + Self.queries.count
        let inspector = try gateway.connect()
        for number in 1...count {
            for view in ["", "/pipe", "/curl"] {
                inspector.send(
                    "GET /_runner/invocations/\(number)\(view) HTTP/1.1\r\nHost: localhost:\(gateway.port)\r\n\r\n")
                expectNothing(in: try inspector.response().text, "\(number)\(view)")
            }
        }
        gateway.signal(SIGTERM)
        #expect(gateway.end() == 0)
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == count + 1)
        for line in lines { expectNothing(in: String(line), "recorded") }
        // Everything else is unchanged.
        #expect(lines.last?.contains("page=2") == true)
        #expect(lines.contains { $0.contains("\"Bearer ") } && lines.contains { $0.contains("\"basic ") })
        #expect(lines.contains { Self.decoded($0).contains("key: kept") })
    }

    private static func decoded(_ line: Substring) -> String {
        let entry = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        let body = (entry?["request"] as? [String: Any])?["body"] as? String ?? ""
        return Data(base64Encoded: body).map { String(decoding: $0, as: UTF8.self) } ?? body
    }

    /// A stand-in contains no four consecutive characters of its secret, in any alphabet.
    @Test func aStandInTellsNothingOfItsSecret() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("secrets-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let gateway = try TestRunner(["--record", file])
        let client = try gateway.connect()
        let alphabets = [
            "abcdefgh_", "01", "!*#$", "пароль", "密码", "äöüß", "é\u{301}😀", "aA0_-=", "hunter2_", "=",
            "\u{600}\u{200D}x",
        ]
        var secrets = [
            "hunter2_", "abcdef_1", "Zürich_Sommer1", "nxl_abcdefgh", "whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0",
        ]
        for number in 0..<220 {
            let scalars = Array(alphabets[number % alphabets.count].unicodeScalars)
            var secret = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 8...256) { secret.append(scalars.randomElement() ?? "x") }
            secrets.append(String(secret))
        }
        for secret in secrets {
            let body = try JSONSerialization.data(withJSONObject: ["password": secret])
            _ = try client.ask("POST", "/moody", headers: Self.json, body: Array(body))
        }
        gateway.signal(SIGTERM)
        #expect(gateway.end() == 0)
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").dropFirst()
        #expect(lines.count == secrets.count)
        for (secret, line) in zip(secrets, lines) {
            let entry = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            let body = (entry?["request"] as? [String: Any])?["body"] as? String ?? ""
            let standIn = try #require(
                (try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: String])?["password"])
            let known = ["nxl_", "nxr_", "whsec_"].first { secret.hasPrefix($0) } ?? ""
            #expect(standIn.hasPrefix(known), "\(secret) \(standIn)")
            let (old, new) = (
                Array(secret.unicodeScalars.dropFirst(known.count)),
                Array(standIn.unicodeScalars.dropFirst(known.count))
            )
            #expect(new.allSatisfy { $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil) })
            // Counted in composed form, as the minimum length of a password is.
            #expect(new.count == secret.precomposedStringWithCanonicalMapping.unicodeScalars.count - known.count)
            let runs = Set(old.indices.dropLast(3).map { Array(old[$0..<$0 + 4]) })
            #expect(
                !new.indices.dropLast(3).contains { runs.contains(Array(new[$0..<$0 + 4])) }, "\(secret) \(standIn)")
        }
    }

    /// A command copied from the inspector runs nothing that a client wrote.
    @Test func bodiesAreNoCommands() throws {
        let gateway = try TestRunner()
        let client = try gateway.connect()
        let canary = gateway.folder.appendingPathComponent("canary").path
        let bodies = [
            "a'\u{301}; touch \(canary); '\u{301}", "'\u{200D}`touch \(canary)`'\u{FE0F}",
            "\u{F8F0}x:=$(touch \(canary))\u{F8F1}", "\u{F8F0}1\u{F8F1}x:=$(touch \(canary))\u{F8F2}",
            "'$(touch \(canary))'",
        ]
        for body in bodies {
            _ = try client.ask("POST", "/moody", headers: "Content-Type: text/plain\r\n", body: Array(body.utf8))
        }
        for number in 1...bodies.count {
            for view in ["curl", "pipe"] {
                client.send(
                    "GET /_runner/invocations/\(number)/\(view) HTTP/1.1\r\nHost: localhost:\(gateway.port)\r\n\r\n")
                let command = try client.response().text
                let shell = Process()
                shell.executableURL = URL(fileURLWithPath: "/bin/bash")
                shell.arguments = ["-c", "curl() { :; }\n" + command]
                shell.standardOutput = FileHandle.nullDevice
                shell.standardError = FileHandle.nullDevice
                try shell.run()
                shell.waitUntilExit()
                #expect(!FileManager.default.fileExists(atPath: canary), "\(command)")
            }
        }
    }

    @Test func namesOfFieldsAreNoCommands() throws {
        let gateway = try TestRunner()
        let client = try gateway.connect()
        _ = try client.ask("GET", "/echo/x?password[$(id)`id`]=\(Self.secret)")
        _ = try client.ask("GET", "/echo/x?x[$%28id%29][password]=\(Self.secret)")
        for number in 1...2 {
            client.send("GET /_runner/invocations/\(number)/curl HTTP/1.1\r\nHost: localhost:\(gateway.port)\r\n\r\n")
            let command = try client.response().text
            for part in command.components(separatedBy: "${").dropFirst() {
                #expect(part.prefix { $0 != "}" }.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }, "\(command)")
            }
        }
    }
}
