import FunctionRuntime
import Models
import Testing
import Wire

@testable import Endpoint

/// Entity tags and the conditions on them (RFC 9110 sections 8.8.3 and 13.1).
struct EntityTagTests {
    @Test(arguments: [
        ("\"a-b\"", true), ("*", true), ("W/\"a-b\"", true), ("\"x\", \"a-b\"", true), (" \"x\" , W/\"a-b\" ", true),
        ("", false), ("\"x\"", false), ("a-b", false), ("\"a\"", false), ("\"a-b", false), ("\"A-B\"", false),
        ("w/\"a-b\"", false),
        ("\"a-b\"\u{301}", false),
    ])
    func ifNoneMatchComparesTheWholeTag(_ list: String, _ matches: Bool) {
        #expect(EntityTag.matches(list, "\"a-b\"") == matches)
    }

    /// `If-Match` compares the state alone, and never a weak tag.
    @Test(arguments: [
        ("\"a-b\"", true), ("\"a-c\"", true), ("\"a\"", true), ("*", true), ("\"x\", \"a-c\"", true),
        ("W/\"a-b\"", false),
        ("", false), ("\"x-b\"", false), ("a-b", false), ("\"ab\"", false), ("\"a-b", false), ("\"aa-b\"", false),
        ("\"a-b\"\u{301}", false),
    ])
    func ifMatchComparesTheState(_ list: String, _ matches: Bool) {
        #expect(EntityTag.matches(list, state: "a") == matches)
    }

    private func answer(_ status: Int, tag: String?, to known: String?) -> Response {
        var response = Response(status: status, body: .json { $0.value("text") })
        response.headers = [("content-type", "application/json"), ("content-length", "6"), ("x-other", "kept")]
        if let tag { response.headers.append(("etag", tag)) }
        var request = Request()
        if let known { request.headers = [("if-none-match", known)] }
        EntityTag.apply(to: &response, for: request)
        return response
    }

    @Test func whatTheClientHasIsNotSentAgain() {
        let response = answer(200, tag: "\"a\"", to: "\"a\"")
        #expect(response.status == 304)
        #expect(response.headers.map(\.name) == ["x-other", "etag"])
        guard case .none = response.body else {
            Issue.record("a 304 has no body")
            return
        }
    }

    @Test(
        arguments: [
            (200, "\"a\"", "\"b\""), (200, "\"a\"", nil), (200, nil, "*"), (404, "\"a\"", "*"), (201, "\"a\"", "\"a\""),
        ]
            as [(Int, String?, String?)])
    func everythingElseIsSent(_ status: Int, _ tag: String?, _ known: String?) throws {
        let response = answer(status, tag: tag, to: known)
        #expect(response.status == status)
        #expect(response.body.rendered().text == "\"text\"")
    }
}
