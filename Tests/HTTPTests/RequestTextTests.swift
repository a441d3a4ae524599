import HTTP
import Testing

/// Ids, escapes and addresses as requests carry them.
struct RequestTextTests {
    @Test(arguments: [
        ("a", true), ("Az09._-", true), (String(repeating: "x", count: 128), true), ("", false), ("a b", false),
        ("a\n", false),
        ("a/b", false), ("é", false), ("a\u{301}", false), (String(repeating: "x", count: 129), false), ("{id}", false),
    ])
    func anIdCannotBreakALog(_ id: String, _ isValid: Bool) {
        #expect(RequestID.isValid(id) == isValid)
    }

    @Test(arguments: [
        ("", ""), ("a+b", "a+b"), ("%41", "A"), ("%2525", "%25"), ("%c3%A9", "é"), ("%", "%"), ("%4", "%4"),
        ("%4g", "%4g"),
        ("%%41", "%A"), ("100%", "100%"), ("%ff", "\u{FFFD}"), ("é%20", "é "), ("%00", "\u{0}"),
    ])
    func escapesAreDecodedOnce(_ text: String, _ decoded: String) {
        #expect(PercentEncoding.decode(text) == decoded)
    }

    @Test func aPlusIsASpaceInAForm() {
        #expect(PercentEncoding.decode("a+b%2B", plusIsSpace: true) == "a b+")
    }

    @Test(arguments: [("aZ09-._~", "aZ09-._~"), ("a b/c?", "a%20b%2Fc%3F"), ("é%", "%C3%A9%25"), ("", "")])
    func everythingElseIsEscaped(_ text: String, _ encoded: String) {
        #expect(PercentEncoding.encode(text) == encoded)
        #expect(PercentEncoding.decode(encoded) == text)
    }

    @Test(
        arguments: [
            (nil, []), ("", []), ("1.2.3.4", ["1.2.3.4"]), ("1.2.3.4, 5.6.7.8", ["1.2.3.4", "5.6.7.8"]),
            ("1.2.3.4:80", ["1.2.3.4"]), ("[::1]:80", ["::1"]), ("[::1]", ["::1"]), ("::1", ["::1"]),
            ("::ffff:1.2.3.4", ["1.2.3.4"]), ("unknown", [nil]), ("1.2.3.4:x", [nil]), ("[::1", [nil]),
            ("[::1]x", [nil]),
            ("1.2.3.4:99999", [nil]), ("1.2.3.4, unknown", ["1.2.3.4", nil]), ("_hidden, 1.2.3.4", [nil, "1.2.3.4"]),
        ] as [(String?, [String?])])
    func everyProxyNamesItsClient(_ field: String?, _ hops: [String?]) {
        #expect(ForwardedFor.hops(field).map { $0?.description } == hops)
        #expect(ForwardedFor.peer(field) == (hops.last ?? nil) ?? "")
    }

    @Test(arguments: [(100, false), (200, true), (204, false), (304, false), (404, true)])
    func someResponsesHaveNoBody(_ status: Int, _ mayHaveBody: Bool) {
        #expect(HTTPStatus.mayHaveBody(status) == mayHaveBody)
    }
}
