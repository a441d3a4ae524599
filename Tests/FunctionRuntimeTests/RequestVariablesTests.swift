import Models
import Testing

@testable import FunctionRuntime

/// Requests in the variables of CGI.
@Suite struct RequestVariablesTests {
    private func request(_ own: KeyValuePairs<String, String>) throws -> Request {
        var variables = RequestVariables()
        variables.take("REQUEST_METHOD", "GET")
        for (name, value) in own { variables.take(name[...], value) }
        return try variables.makeRequest(basePath: "/api/v1")
    }

    @Test func headersAreFolded() throws {
        let request = try request([
            "HTTP_X_REQUEST_ID": "id-1", "HTTP_CONTENT_TYPE": "text/plain", "CONTENT_TYPE": "application/json",
            "HTTP_CONTENT_LENGTH": "5", "HTTP_PROXY": "http://evil", "HTTP_CONNECTION": "close", "HTTP_USER_AGENT": "u",
            "HTTP_COOKIE": "a=1, b=2; c=3", "SERVER_NAME": "x",
        ])
        #expect(request.headers.map(\.name) == ["x-request-id", "content-type", "user-agent", "cookie"])
        #expect(request.header("content-type") == "application/json")
        #expect(request.cookies == ["a=1", "b=2", "c=3"])
        #expect(request.id == "id-1" && request.userAgent == "u" && !request.isBare)
    }

    @Test func theContentTypeWinsWhereverItComes() throws {
        for order in [false, true] {
            var variables = RequestVariables()
            variables.take("REQUEST_METHOD", "POST")
            for name in order ? ["CONTENT_TYPE", "HTTP_CONTENT_TYPE"] : ["HTTP_CONTENT_TYPE", "CONTENT_TYPE"] {
                variables.take(name[...], name)
            }
            #expect(try variables.makeRequest(basePath: "").header("content-type") == "CONTENT_TYPE")
        }
    }

    @Test(arguments: [
        ("/api/v1/a%2Fb?x", "/s", "/api/v1/a/b", "/api/v1/a%2Fb"),
        ("http://host/api/v1/a", "", "", "/api/v1/a"),
        ("http://host", "", "", "http://host"),
        ("", "/api/v1/w", "/ä b%", "/api/v1/w/%C3%A4%20b%25"),
        ("/cgi-bin/f/api/v1/a%2Fb", "/cgi-bin/f", "/api/v1/a/b", "/api/v1/a%2Fb"),
        ("/cgi%2Dbin/f/api/v1/a", "/cgi-bin/f", "/api/v1/a", "/api/v1/a"),
        ("/elsewhere", "/elsewhere", "", "/elsewhere"), ("", "", "", ""), ("?a", "/api/v1/w", "", "/api/v1/w"),
    ]) func paths(uri: String, script: String, info: String, path: String) throws {
        #expect(try request(["REQUEST_URI": uri, "SCRIPT_NAME": script, "PATH_INFO": info]).path == path)
    }

    @Test func aRequestHasAMethod() {
        #expect(throws: APIError.self) { try RequestVariables().makeRequest(basePath: "") }
        #expect(throws: APIError.self) { try request(["REQUEST_METHOD": ""]) }
    }
}
