import Foundation
import Testing

@Suite(.serialized) struct HTTPTests {
    private let gateway: TestRunner
    private let client: Client

    init() throws {
        gateway = try TestRunner()
        client = try gateway.connect()
    }

    @Test func aConnectionServesRequestAfterRequest() throws {
        for name in ["one", "two", "three"] {
            let answer = try client.ask("GET", "/echo/\(name)")
            #expect(answer.status == 200 && answer.text == name)
        }
        #expect(try client.ask("GET", "/echo/last", headers: "Connection: close\r\n").text == "last")
        #expect(client.isClosed())
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() throws {
        let names = (0..<20).map { "n\($0)" }
        client.send(names.map { "GET /api/v1/echo/\($0) HTTP/1.1\r\nHost: localhost\r\n\r\n" }.joined())
        for name in names { #expect(try client.response().text == name) }
    }

    @Test func aChunkedBodyIsPutTogetherWhateverItsPieces() throws {
        let request =
            "POST /api/v1/echo/x HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n3;ext=1\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: no\r\n\r\n"
        client.send(request)
        #expect(try client.response().json["body"] as? String == "abc0123456789")
        for byte in request.utf8 { client.send([byte]) }
        #expect(try client.response().json["body"] as? String == "abc0123456789")
        #expect(try client.ask("GET", "/echo/next").text == "next")
    }

    @Test func theBodyIsAskedForOnlyWhenItIsWanted() throws {
        let head =
            "POST /api/v1/moody HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Type: text/plain\r\n"
        client.send(head + "Content-Length: 5\r\n\r\n")
        #expect(try client.response().status == 100)
        client.send("hello")
        #expect(try client.response().text == "hello")
        client.send(head + "Content-Length: 65537\r\n\r\n")
        #expect(try client.response().status == 413)
    }

    @Test func headHasTheLengthAndNoBody() throws {
        let answer = try client.ask("HEAD", "/echo/four")
        #expect(answer.status == 200 && answer.header("content-length") == "4")
        #expect(try client.ask("GET", "/echo/next").text == "next")
    }

    @Test func whoTriesTheRootIsLedToTheDocumentation() throws {
        let product = try TestRunner(["--functions", RunnerCommand.functions, "--base-path", "/v2"])
        let answer = try product.connect().ask("GET", "/")
        #expect(answer.status == 404 && answer.text.contains("see /v2/docs"), "\(answer.text)")
        // A gateway without the function `docs` does not mention it.
        #expect(try !client.ask("GET", "/").text.contains("docs"))
    }

    @Test func unknownPathsAndMethodsAreToldApart() throws {
        #expect(try client.ask("GET", "/nowhere").status == 404)
        let answer = try client.ask("DELETE", "/echo/x")
        #expect(answer.status == 405)
        let allowed = Set(answer.header("allow")?.components(separatedBy: ", ") ?? [])
        #expect(allowed == ["GET", "HEAD", "OPTIONS", "POST"])
        #expect(try client.ask("GET", "/echo/next").text == "next")
    }

    @Test func aPreflightReachesTheFunctionThatItIsAbout() throws {
        let asked = try client.ask(
            "OPTIONS", "/echo/x", headers: "Origin: https://a\r\nAccess-Control-Request-Method: POST\r\n")
        let http = (asked.json["requestContext"] as? [String: Any])?["http"] as? [String: Any]
        #expect(http?["method"] as? String == "OPTIONS")
        let plain = try client.ask("OPTIONS", "/echo/x")
        #expect(plain.status == 204 && plain.header("allow") == "POST, GET, HEAD, OPTIONS")
        let other = try client.ask("OPTIONS", "/echo/x", headers: "Access-Control-Request-Method: DELETE\r\n")
        #expect(other.status == 204 && other.header("allow") != nil)
    }

    @Test func whatIsTooLargeIsRefused() throws {
        let post = "POST /api/v1/bytes HTTP/1.1\r\nHost: localhost\r\n"
        let get = "GET /api/v1/echo/x HTTP/1.1\r\nHost: localhost\r\n"
        let cases = [
            (413, post + "Content-Length: 65537\r\n\r\n"),
            (413, post + "Transfer-Encoding: chunked\r\n\r\n10001\r\n"),
            (414, "GET /" + String(repeating: "a", count: 9000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            (431, get + String(repeating: "A: b\r\n", count: 100) + "\r\n"),
            (431, get + "A: " + String(repeating: "b", count: 70_000) + "\r\n\r\n"),
        ]
        for (status, request) in cases {
            let client = try gateway.connect()
            client.send(request)
            #expect(try client.response().status == status, "\(request.prefix(80))")
            #expect(client.isClosed())
        }
    }

    @Test func pathQueryAndCookiesReachTheFunction() throws {
        let answer = try client.ask(
            "POST", "/echo/a%2Fb%20%C3%A9?x=1&y=a%20b+c&x=2", headers: "Cookie: k=v; l=w\r\nCookie: m=x\r\n")
        let request = answer.json
        #expect(request["pathParameters"] as? [String: String] == ["name": "a/b é"])
        #expect(request["queryStringParameters"] as? [String: String] == ["x": "1,2", "y": "a b c"])
        #expect(request["rawQueryString"] as? String == "x=1&y=a%20b+c&x=2")
        #expect(request["cookies"] as? [String] == ["k=v", "l=w", "m=x"])
        #expect(answer.all("set-cookie") == ["a=1; Path=/", "b=2; HttpOnly"])
    }

    @Test func aFieldThatIsNoUTF8IsTakenAsLatin1() throws {
        let head = "POST /api/v1/echo/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nX-Name: caf"
        client.send(Array(head.utf8) + [0xE9] + Array("\r\nX-Other: caf\u{E9}\r\n\r\n".utf8))
        let headers = try client.response().json["headers"] as? [String: String]
        #expect(headers?["x-name"] == "caf\u{E9}" && headers?["x-other"] == "caf\u{E9}")
    }

    @Test func fieldsOfOneNameAreJoinedWhateverTheirBytes() throws {
        let head = "POST /api/v1/echo/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nX-Name: caf"
        client.send(Array(head.utf8) + [0xE9] + Array("\r\nX-Name: b\r\n\r\n".utf8))
        let headers = try client.response().json["headers"] as? [String: String]
        #expect(headers?["x-name"] == "caf\u{E9},b")
    }

    @Test func namesOfTheQueryAreToldApartByTheirBytes() throws {
        // The same letter, composed and decomposed.
        let text = try client.ask("POST", "/echo/x?%C3%A9=1&e%CC%81=2&%C3%A9=3").text
        #expect(text.contains(#""queryStringParameters": {"\u00e9": "1,3", "e\u0301": "2"}"#), "\(text)")
    }

    @Test func bytesThatAreNoTextPassUnchangedBothWays() throws {
        let octets = "Content-Type: application/octet-stream\r\n"
        for count in [1, 2, 3, 256, 65536] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 128) }
            let answer = try client.ask("POST", "/bytes", headers: octets, body: bytes)
            #expect(answer.status == 200)
            #expect(answer.body == Array(bytes.reversed()), "\(count) bytes")
        }
    }
}
