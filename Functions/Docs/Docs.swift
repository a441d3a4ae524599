import Endpoint
import Models

/// The page for reading and trying the API. It loads nothing except `openapi.json` from the same folder.
@main struct Docs: Function {
    static let route = Route.get("/docs", tag: "System", summary: "Read and try the API")
        .rateLimited(as: .none)
    static let access = Access.anyone

    static func handle(_ input: NoInput, by _: Void, in call: Call) throws -> Documentation { Documentation() }
}

/// The page, with a policy (CSP level 3) that allows only its own script and style, identified by their hashes, and
/// requests only to its own origin.
struct Documentation: Reply {
    static var descriptions: [Operation.ResponseDescription] {
        [
            Operation.ResponseDescription(
                status: 200, description: "An HTML page", contentType: "text/html",
                schema: ["type": "string"]
            ).tagged
        ]
    }

    private static let policy = """
        default-src 'none'; script-src '\(DocsPage.scriptHash)'; style-src '\(DocsPage.styleHash)'; connect-src 'self'; \
        img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """

    func response() -> Response {
        Response(
            status: 200,
            headers: [
                ("content-type", "text/html; charset=utf-8"),
                ("cache-control", "public, max-age=300"),
                ("etag", "\"\(DocsPage.tag)\""),
                ("content-security-policy", Self.policy),
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "no-referrer"),
                ("cross-origin-opener-policy", "same-origin"),
            ],
            body: .text(DocsPage.html))
    }
}
