import Testing

/// Requests that are malformed, or that two programs might read differently, get a 400, and the connection is closed.
@Suite(.serialized) struct MalformedTests {
    private static let get = "GET /api/v1/echo/x HTTP/1.1\r\n"
    private static let post = "POST /api/v1/echo/x HTTP/1.1\r\nHost: localhost\r\n"
    private static let chunked = post + "Transfer-Encoding: chunked\r\n\r\n"

    private static let heads = [
        "GET\r\n\r\n", "GET  /api/v1/echo/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/v1/echo/x\r\nHost: localhost\r\n\r\n", "G(T /api/v1/echo/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET api/v1/echo/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/v1/echo/x#y HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/v1/echo/x http/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/v1/echo/x HTTP/1.1 \r\nHost: localhost\r\n\r\n",
        "GET /api/v1/echo/x HTTP/1.1\nHost: t\n\n", get + "\r\n", get + "Host: localhost\r\nHost: localhost\r\n\r\n",
        get + "Host: a b\r\n\r\n", get + "Host: localhost\r\n folded\r\n\r\n", get + "Host : t\r\n\r\n",
        get + "Host: localhost\r\n: x\r\n\r\n", get + "Host: localhost\r\nno colon\r\n\r\n",
        get + "Host: localhost\r\nA: b\0c\r\n\r\n",
        get + "Host: localhost\r\nA: b\rc: d\r\n\r\n",
    ]
    private static let framings = [
        "Content-Length: 1\r\nContent-Length: 1", "Content-Length: 1\r\nContent-Length: 2", "Content-Length: 1, 1",
        "Content-Length: +1", "Content-Length: -1", "Content-Length: 0x1", "Content-Length:",
        "Content-Length: 99999999999999999999", "Content-Length: 1\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 1", "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: identity", "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Transfer-Encoding : chunked",
        "Transfer-Encoding: \u{0B}chunked",
    ].map { post + $0 + "\r\n\r\n" }
    private static let bodies = [
        "x\r\n", "\r\n", "-1\r\n", "0x1\r\na\r\n", "1 1\r\na\r\n", "1\r\nab\r\n", "1\na\r\n", "1\r\na\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFFF\r\n",
    ].map { chunked + $0 }

    @Test func malformedRequestsAreRefusedAndTheConnectionIsClosed() throws {
        let gateway = try TestRunner()
        let old = "POST /api/v1/echo/x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"
        for request in Self.heads + Self.framings + Self.bodies + [old] {
            let client = try gateway.connect()
            client.send(request + Self.get + "Host: localhost\r\n\r\n")
            #expect(try client.response().status == 400, "\(request.debugDescription)")
            #expect(client.isClosed(), "\(request.debugDescription)")
        }
        #expect(try gateway.connect().ask("GET", "/echo/next").text == "next")
    }
}
