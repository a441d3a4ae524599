import Foundation
import Testing

/// No way of writing a secret gets it into a recording or onto the inspector's page.
@Suite(.serialized) struct SecretTests {
    private static let secret = "SECRETpwn77"
    private static let number = "123456789012345"
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

    /// Also in what is cut out of base64.
    private func expectNothing(in text: String, _ what: String) {
        var texts = [text]
        for word in text.split(whereSeparator: { !$0.isASCII || !($0.isLetter || $0.isNumber || "+/=".contains($0)) }) {
            if let data = Data(base64Encoded: String(word)) { texts.append(String(decoding: data, as: UTF8.self)) }
        }
        for text in texts { #expect(!text.contains(Self.secret) && !text.contains(Self.number), "\(what): \(text)") }
    }

    @Test func noneIsShownOrRecorded() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("secrets-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let gateway = try Gateway(["--record", file])
        let client = try gateway.connect()
        for (headers, body) in Self.bodies {
            _ = try client.ask("POST", "/bytes", headers: headers, body: Array(body.utf8))
            // It answers with the text of the body, which for these is base64.
            if headers.contains("octet-stream") || headers.contains("multipart") { continue }
            _ = try client.ask("POST", "/moody", headers: headers, body: Array(body.utf8))
        }
        for header in Self.headers {
            _ = try client.ask("GET", "/echo/x?a=1", headers: "\(header)\(Self.secret)\r\n")
        }
        _ = try client.ask("GET", "/echo/x?api%5Fkey=\(Self.secret)&page=2")
        let count = Self.bodies.count * 2 - 2 + Self.headers.count + 1
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
        // What is no secret stays.
        #expect(lines.last?.contains("page=2") == true)
        #expect(lines.contains { $0.contains("\"Bearer ") } && lines.contains { $0.contains("\"basic ") })
        #expect(lines.contains { Self.decoded($0).contains("key: kept") })
    }

    private static func decoded(_ line: Substring) -> String {
        let entry = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        let body = (entry?["request"] as? [String: Any])?["body"] as? String ?? ""
        return Data(base64Encoded: body).map { String(decoding: $0, as: UTF8.self) } ?? body
    }

    @Test func namesOfFieldsAreNoCommands() throws {
        let gateway = try Gateway()
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
