import Foundation
import Testing

/// The page of `GET /docs`, through a pipe. Tests/Browser tests how it looks and works.
@Suite struct DocsTests {
    private func page(_ headers: [String: String] = [:]) throws -> Answer {
        try Installation().call("docs", headers: headers)
    }

    @Test func isAPageWithAStrictPolicy() throws {
        let answer = try page()
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "text/html; charset=utf-8")
        #expect(answer.headers["x-content-type-options"] == "nosniff")
        #expect(answer.headers["cache-control"]?.contains("max-age") == true)
        #expect(answer.line["isBase64Encoded"] as? Bool == false)
        let policy = try #require(answer.headers["content-security-policy"])
        #expect(policy.hasPrefix("default-src 'none'; script-src 'sha256-"))
        #expect(policy.contains("connect-src 'self'") && policy.contains("frame-ancestors 'none'"))
        #expect(!policy.contains("unsafe") && !policy.contains("*"))
    }

    @Test func loadsNothingFromElsewhereAndReadsNoTextAsCode() throws {
        let html = String(decoding: try page().body, as: UTF8.self)
        #expect(html.hasPrefix("<!doctype html>") && html.hasSuffix("</html>"))
        for attribute in ["src=\"", "url(", "@import", "href=\"http", "href=\"//", "src=\"http", "style=\""] {
            #expect(!html.contains(attribute), "\(attribute)")
        }
        for danger in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"] {
            #expect(!html.contains(danger), "\(danger)")
        }
    }

    @Test func isNotSentAgainToWhoHasIt() throws {
        let tag = try #require(try page().headers["etag"])
        let again = try page(["if-none-match": tag])
        #expect(again.status == 304 && again.body.isEmpty)
        #expect(try page(["if-none-match": "\"other\""]).status == 200)
    }

    @Test func isCurrent() throws {
        let script = Installation.root.appendingPathComponent("deploy/scripts/embed_page.py").path
        let output = try Installation().run("/usr/bin/env", arguments: ["python3", script, "--check"])
        #expect(output.status == 0, "\(output.standardError)")
    }
}
