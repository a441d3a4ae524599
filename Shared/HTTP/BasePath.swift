import Wire

/// The prefix of every path of the API (`BASE_PATH`).
public enum BasePath {
    public static let expectation = "a path such as /api/v1, of letters, digits and -._~, or /"

    /// The path without its trailing slash, so empty for `/`; nil if it is invalid. Only characters that never need
    /// escaping in a URL are allowed.
    public static func parse(_ text: String) -> String? {
        let segments = text.split(atByte: "/", omittingEmptySubsequences: false)
        guard text.starts(withBytes: "/"), text.firstIndex(ofBytes: "//") == nil,
            text.utf8.allSatisfy({ PercentEncoding.isUnreserved($0) || $0 == UInt8(ascii: "/") }),
            !segments.contains(where: { $0.hasSameBytes(as: ".") || $0.hasSameBytes(as: "..") })
        else { return nil }
        return text.ends(withBytes: "/") ? String(text.utf8.dropLast()) : text
    }
}
