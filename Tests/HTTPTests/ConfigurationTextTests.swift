import HTTP
import Testing

/// Variables that functions and the runner read by the same rules.
struct ConfigurationTextTests {
    @Test(arguments: [
        "https://a.example https://b.example", "https://a.example,https://b.example",
        " https://a.example ,  https://b.example,", "https://A.example, https://B.example:443 https://b.example",
    ])
    func originsAreSeparatedByCommasOrBlanks(_ list: String) throws {
        let origins = try #require(AllowedOrigins(list: list))
        #expect(origins.allowed("https://a.example") == "https://a.example")
        #expect(origins.allowed("https://B.example") == "https://B.example")
        #expect(origins.allowed("https://c.example") == nil && origins.allowed("") == nil && !origins.isOpen)
    }

    @Test func aStarAllowsEveryPage() throws {
        let origins = try #require(AllowedOrigins(list: "*"))
        #expect(origins.isOpen && origins.allowed("null") == "*")
        #expect(try #require(AllowedOrigins(list: "")).isEmpty && AllowedOrigins().allowed("https://a.example") == nil)
    }

    @Test(arguments: [
        "a.example", "ftp://a.example", "https://a.example/", "https://a.example/app", "https://", "null",
    ])
    func listsOfAnythingElseAreRefused(_ list: String) {
        #expect(AllowedOrigins(list: list) == nil && AllowedOrigins(list: "https://b.example \(list)") == nil)
    }

    @Test(arguments: [
        ("/api/v1", "/api/v1"), ("/a/b-c/", "/a/b-c"), ("/", ""), ("/~a._-9", "/~a._-9"), ("", nil), ("api", nil),
        ("/a b", nil), ("/a/../b", nil), ("/.", nil), ("//", nil), ("/a//b", nil), ("/a?b", nil), ("/a%20", nil),
        ("/ä", nil), ("/a\u{301}", nil),
    ])
    func aBasePathIsPlain(_ text: String, _ path: String?) { #expect(BasePath.parse(text) == path) }
}
