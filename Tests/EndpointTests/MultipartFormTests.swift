import FunctionRuntime
import Models
import Testing

/// `multipart/form-data` (RFC 7578): parts, their heads, and everything that clients get wrong.
struct MultipartFormTests {
    private func form(_ body: String, type: String = "multipart/form-data; boundary=B") throws -> MultipartForm {
        try MultipartForm(body: Array(body.utf8), contentType: type)
    }

    /// The one part of a form whose `Content-Disposition` has these parameters.
    private func part(_ parameters: String, head: String = "", content: String = "x") throws -> MultipartForm.Part {
        let form = try form(
            "--B\r\nContent-Disposition: form-data; \(parameters)\r\n\(head)\r\n\(content)\r\n--B--\r\n")
        #expect(form.parts.count == 1)
        return try #require(form.parts.first)
    }

    private func text(_ part: MultipartForm.Part?) -> String? {
        part.map { String(decoding: $0.content, as: UTF8.self) }
    }

    @Test func fieldsAndFilesComeInTheirOrder() throws {
        let form = try form(
            """
            a preamble\r
            --B\r
            Content-Disposition: form-data; name="title"\r
            \r
            Annual report\r
            --B\r
            content-type: text/plain; charset=utf-8\r
            CONTENT-DISPOSITION: form-data; name="file"; filename="a.txt"\r
            \r
            one\r
            two\r
            --B--\r
            an epilogue
            """)
        #expect(form.parts.map(\.name) == ["title", "file"])
        #expect(form.parts.map(\.fileName) == [nil, "a.txt"])
        #expect(form.parts.map(\.contentType) == [nil, "text/plain; charset=utf-8"])
        #expect(form.parts.map { text($0) } == ["Annual report", "one\r\ntwo"])
    }

    @Test(
        arguments: [
            ("name=\"n\"; filename=\"a b.txt\"", "a b.txt"), ("name=n; filename=a.txt", "a.txt"),
            ("filename=\"a.txt\"; name=\"n\"", "a.txt"), ("name=\"n\"; FileName=\"a.txt\"", "a.txt"),
            ("name=\"n\";filename=\"a;b.txt\"", "a;b.txt"), ("name=\"n\"; filename=\"a%22b.txt\"", "a\"b.txt"),
            ("name=\"n\"; filename=\"a\\\"b\\\\c.txt\"", "a\"b\\c.txt"),
            ("name=\"n\"; filename=\"C:\\dir\\a.txt\"", "C:\\dir\\a.txt"),
            ("name=\"n\"; filename=\"\"", ""), ("name=\"n\"; filename=\"naïve.txt\"", "naïve.txt"),
            ("name=\"n\"; filename=\"x\"; filename*=UTF-8''na%C3%AFve.txt", "naïve.txt"),
            ("name=\"n\"; filename*=utf-8'en'a%20b.txt; filename=\"x\"", "a b.txt"),
            ("name=\"n\"; filename=\"x\"; filename*=ISO-8859-1''na%EFve.txt", "x"),
            ("name=\"n\"; filename=\"x\"; filename*=bad", "x"),
            ("name=\"n\"", nil), ("name=\"n\"; other=\"filename\"", nil),
        ] as [(String, String?)])
    func aFileHasTheNameThatTheClientMeans(_ parameters: String, _ fileName: String?) throws {
        let part = try part(parameters)
        #expect(part.name == "n")
        #expect(part.fileName == fileName)
    }

    @Test(arguments: ["", "\r\n", "--", "--Bogus", "\r\n--Bogus\r\n", "\r\n-B", "\u{0}\u{1}", "\u{301}text"])
    func aPartHasAnyContent(_ content: String) throws {
        #expect(text(try part("name=n", content: content)) == content)
    }

    @Test(arguments: [
        "multipart/form-data; boundary=B", "multipart/form-data;boundary=\"B\"",
        "multipart/form-data; charset=utf-8; Boundary=B",
    ])
    func aBoundaryIsQuotedOrNot(_ type: String) throws {
        #expect(
            try form("--B\r\nContent-Disposition: form-data; name=n\r\n\r\nx\r\n--B--", type: type).parts.count == 1)
    }

    @Test func aFormMayBeEmpty() throws {
        #expect(try form("--B--\r\n").parts.isEmpty)
        #expect(try form("--B--").parts.isEmpty)
    }

    @Test(arguments: [
        ("--B--", "multipart/form-data"), ("--B--", "multipart/form-data; boundary="),
        ("--B--", "multipart/form-data; boundary=\"\""),
        ("--B--", "multipart/form-data; boundary=" + String(repeating: "B", count: 71)),
        ("", "multipart/form-data; boundary=B"), ("--C--", "multipart/form-data; boundary=B"),
        ("--B\r\nContent-Disposition: form-data; name=n\r\n\r\nx", "multipart/form-data; boundary=B"),
        ("--B\r\nContent-Disposition: form-data; name=n\r\n\r\nx\r\n--B", "multipart/form-data; boundary=B"),
        ("--B\r\nContent-Disposition: form-data; name=n\r\nx\r\n--B--", "multipart/form-data; boundary=B"),
        ("--B\r\n\r\nx\r\n--B--", "multipart/form-data; boundary=B"),
        ("--B\r\nContent-Disposition: form-data; filename=f\r\n\r\nx\r\n--B--", "multipart/form-data; boundary=B"),
        ("--B\r\nContent-Type: text/plain\r\n\r\nx\r\n--B--", "multipart/form-data; boundary=B"),
    ])
    func whatIsNotAFormIsRefused(_ body: String, _ type: String) throws {
        let error = try #require(throws: APIError.self) { try form(body, type: type) }
        #expect(error.code == .badRequest)
    }

    @Test func partsAndHeadsAreBounded() throws {
        let one = "--B\r\nContent-Disposition: form-data; name=n\r\n\r\nx\r\n"
        #expect(try form(String(repeating: one, count: 200) + "--B--").parts.count == 200)
        #expect(throws: APIError.self) { try form(String(repeating: one, count: 201) + "--B--") }
        #expect(try part("name=n", head: String(repeating: "X-Header: 1\r\n", count: 31)).name == "n")
        #expect(throws: APIError.self) { try part("name=n", head: String(repeating: "X-Header: 1\r\n", count: 32)) }
        #expect(throws: APIError.self) { try part("name=n", head: "X: \(String(repeating: "x", count: 17_000))\r\n") }
    }
}
