import Foundation
import Outbound
import TestSupport
import Testing

/// Requests through the real `curl` to a real server.
struct HTTPRequestTests {
    private let server: PythonServer
    private let base: String

    init() throws {
        server = try ExchangeServer.start()
        base = "http://127.0.0.1:\(server.port)"
    }

    private struct Echo: Decodable {
        var method: String
        var path: String
        var headers: [[String]]
        var body: String
        var length: Int

        func all(_ name: String) -> [String] { headers.filter { $0[0].lowercased() == name }.map { $0[1] } }
    }

    private func echo(_ request: HTTPRequest) throws -> Echo {
        let response = try request.send()
        #expect(response.head.status == 200)
        return try JSONDecoder().decode(Echo.self, from: Data(response.body))
    }

    @Test func aRequestArrivesAsItIs() throws {
        let value = #"say "hi" \n \\ # 'x' $(id)"#
        let request = HTTPRequest(
            "PATCH", base + "/a/[b]{c,d}?e=%20&f=$(id)#g",
            headers: [
                ("Authorization", "Bearer \(value)"), ("X-Empty", ""), ("X-Tab", "a\tb"), ("X-At", "@/etc/passwd"),
            ],
            body: Array("@/etc/passwd".utf8))
        let told = try echo(request)
        #expect(told.method == "PATCH")
        #expect(told.path == "/a/[b]{c,d}?e=%20&f=$(id)")
        #expect(told.body == "@/etc/passwd")
        #expect(told.all("authorization") == ["Bearer \(value)"])
        #expect(told.all("x-empty") == [""])
        #expect(told.all("x-tab") == ["a\tb"])
        #expect(told.all("x-at") == ["@/etc/passwd"])
        #expect(told.all("content-type") == ["application/octet-stream"])
        #expect(told.all("expect") == [])
    }

    @Test func bodiesOfAnySizeArrive() throws {
        for size in [0, 1, 5_000_000] {
            let request = HTTPRequest(
                "POST", base, headers: [("content-type", "text/plain")], body: [UInt8](repeating: 0, count: size))
            let told = try echo(request)
            #expect(told.length == size)
            #expect(told.all("content-type") == ["text/plain"])
            #expect(told.all("content-length") == [String(size)])
        }
        #expect(try echo(HTTPRequest("GET", base)).all("content-length") == [])
    }

    @Test func headsAreTakenApart() throws {
        let response = try HTTPRequest("HEAD", base).send()
        #expect(response.head.status == 200)
        #expect(response.head["x-seen"] == "yes")
        #expect(response.head["x-empty"] == "")
        #expect(response.body.isEmpty)
        let early = try HTTPRequest("GET", base + "/early").send()
        #expect(early.head.status == 201)
        #expect(early.head["link"] == nil)
        #expect(early.body == Array("made".utf8))
    }

    @Test func errorsAndRedirectsAreAnswers() throws {
        let missing = try HTTPRequest("GET", base + "/missing").send()
        #expect(missing.head.status == 404)
        #expect(missing.body == Array("nothing here".utf8))
        let redirect = try HTTPRequest("GET", base + "/redirect").send()
        #expect(redirect.head.status == 302)
        #expect(redirect.head["location"] == "/echo")
    }

    @Test func whatIsNoRequestIsRefused() {
        let requests = [
            HTTPRequest("GET", "file:///etc/passwd"), HTTPRequest("GET", "gopher://127.0.0.1/"), HTTPRequest("GET", ""),
            HTTPRequest("GET", base + "\noutput = \"owned\""), HTTPRequest("GET", base + "/a b"),
            HTTPRequest("GET\nhead", base), HTTPRequest("", base), HTTPRequest("GET", "http://"),
            HTTPRequest("GET", base, headers: [("X", "a\r\nY: b")]),
            HTTPRequest("GET", base, headers: [("X", "a\nurl = \"\(base)\"")]),
            HTTPRequest("GET", base, headers: [("X\nY", "a")]), HTTPRequest("GET", base, headers: [("X", "a\0b")]),
            HTTPRequest("GET", base, headers: [("@/etc/passwd", "a")]),
        ]
        for request in requests {
            let error = #expect(throws: OutboundError.self) { try request.send() }
            guard case .invalidRequest = error else {
                Issue.record("\(String(describing: error)) for \(request)")
                continue
            }
        }
    }

    @Test func failuresHaveTheirNames() throws {
        let closed = try closedPort()
        let expected: [(String, (OutboundError) -> Bool)] = [
            ("http://no-such-host.invalid/", { if case .unresolvable = $0 { true } else { false } }),
            ("http://127.0.0.1:\(closed)/", { if case .unreachable = $0 { true } else { false } }),
            (base + "/broken", { if case .interrupted = $0 { true } else { false } }),
            (base + "/garbage", { if case .interrupted = $0 { true } else { false } }),
            (base + "/dead", { if case .interrupted = $0 { true } else { false } }),
            (base + "/longhead", { $0 == .tooLarge }),
            ("https://127.0.0.1:\(server.port)/", { if case .insecure = $0 { true } else { false } }),
        ]
        for (url, isExpected) in expected {
            let error = try #require(throws: OutboundError.self) { try HTTPRequest("GET", url).send() }
            #expect(isExpected(error), "\(error) for \(url)")
        }
    }

    /// A port that no process listens on, because it was just released.
    private func closedPort() throws -> UInt16 {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listener, $0, length)
                getsockname(listener, $0, &length)
            }
            return UInt16(bigEndian: $0.pointee.sin_port)
        }
    }

    @Test func certificatesAreChecked() throws {
        let secure = try ExchangeServer.startSecure()
        let error = #expect(throws: OutboundError.self) {
            try HTTPRequest("GET", "https://127.0.0.1:\(secure.port)/").send()
        }
        guard case .insecure = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func timeIsLimited() throws {
        for path in ["/never", "/drip"] {
            var request = HTTPRequest("GET", base + path)
            request.limits.total = 400
            #expect(throws: OutboundError.timedOut) { try request.send() }
        }
    }

    @Test func sizeIsLimited() throws {
        for path in ["/large", "/endless"] {
            var request = HTTPRequest("GET", base + path)
            request.limits.body = 999_999
            #expect(throws: OutboundError.tooLarge) { try request.send() }
        }
        var fitting = HTTPRequest("GET", base + "/large")
        fitting.limits.body = 1_000_000
        #expect(try fitting.send().body.count == 1_000_000)
    }

    private final class Reader: HTTPReceiver {
        var head: HTTPHead?
        var text = ""
        let enough: String

        init(until enough: String) { self.enough = enough }

        func receive(_ head: HTTPHead) -> Bool {
            self.head = head
            return true
        }

        func receive(_ piece: UnsafeBufferPointer<UInt8>) -> Bool {
            text += String(decoding: piece, as: UTF8.self)
            return !text.contains(enough)
        }
    }

    @Test func piecesComeAsTheyAreSent() throws {
        let reader = Reader(until: "piece 3\n")
        try HTTPRequest("GET", base + "/drip").send(to: reader)
        #expect(reader.head?.status == 200)
        #expect(reader.text.hasPrefix("piece 0\npiece 1\npiece 2\npiece 3\n"))
    }

    @Test func cancellationEndsIt() throws {
        for path in ["/never", "/drip"] {
            var questions = 0
            #expect(throws: OutboundError.cancelled) {
                try HTTPRequest("GET", base + path).send {
                    questions += 1
                    return questions > 5
                }
            }
        }
    }

    @Test func aPinDecidesWhereItGoes() throws {
        let pin = try AddressGuard(allowsPrivate: true).pin("http://localhost:\(server.port)/")
        let told = try echo(HTTPRequest("GET", "http://LocalHost:\(server.port)/x", pin: pin))
        #expect(told.all("host") == ["LocalHost:\(server.port)"])
        // The name is not looked up again: this one cannot be resolved, and another one would make no difference.
        for host in ["no-such-host.invalid", "127.9.9.9:1", "[::1]:1", "0x7f.1:\(server.port)"] {
            #expect(try echo(HTTPRequest("GET", "http://\(host)/x", pin: pin)).path == "/x", "\(host)")
        }
    }
}
