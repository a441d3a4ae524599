import Wire

/// The web origins whose pages may call (the Fetch standard's CORS protocol). Tokens travel in a header, never in
/// cookies, so credentials are not allowed and `*` is safe.
public struct AllowedOrigins: Equatable, Sendable {
    /// In lower case.
    private let origins: [String]
    /// Whether every page may call.
    public let isOpen: Bool

    /// The value of `Access-Control-Allow-Headers`: the request headers that the API reads.
    public static let requestHeaders = """
        authorization, content-type, accept, if-match, if-none-match, if-range, range, idempotency-key, x-request-id
        """

    public init(_ origins: [String] = []) {
        self.origins = origins.map(\.lowercasedASCII)
        isOpen = origins.contains { $0.hasSameBytes(as: "*") }
    }

    /// Parses the value of `CORS_ORIGINS`: a list separated by commas or blanks. Nil if an entry can never match an
    /// origin as browsers send it (RFC 6454 section 6.2).
    public init?(list: String) {
        let origins = list.listItems
        guard origins.allSatisfy(Self.isOrigin) else { return nil }
        self.init(origins)
    }

    public var isEmpty: Bool { origins.isEmpty }

    /// The value of `Access-Control-Allow-Origin` for a page from `origin`; nil if the page may not read the response.
    public func allowed(_ origin: String) -> String? {
        if isOpen { return "*" }
        let folded = origin.lowercasedASCII
        return origins.contains { $0.hasSameBytes(as: folded) } ? origin : nil
    }

    private static func isOrigin(_ text: String) -> Bool {
        if text.hasSameBytes(as: "*") { return true }
        return (text.starts(withBytes: "http://") || text.starts(withBytes: "https://"))
            && text.split(atByte: "/").count == 2 && !text.ends(withBytes: "/")
    }
}
