import Wire

/// Masks the secrets in URLs: passwords, query parameters and, for webhooks, paths.
extension SecretMask {
    /// Masks the secrets of all URLs in a text.
    func urls(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let mark = rest.firstIndex(ofBytes: "://") {
            let start = rest.utf8.index(mark, offsetBy: 3)
            result += rest[..<start]
            let end = rest.utf8[start...].firstIndex { $0 <= 0x20 || "\"'<>".utf8.contains($0) } ?? rest.endIndex
            result += url(rest[start..<end])
            rest = rest[end...]
        }
        return result + rest
    }

    /// Masks the URL of a webhook. The path after its first word and all values of its query authenticate the sender,
    /// as in `https://hooks.slack.com/services/T00/B00/XXXX`. Nil for text that is not a URL.
    func webhookURL(_ text: String) -> String? {
        guard let mark = text.firstIndex(ofBytes: "://") else { return nil }
        let start = text.utf8.index(mark, offsetBy: 3)
        return text[..<start] + url(text[start...], isWebhook: true)
    }

    /// - Parameter url: without its scheme.
    private func url(_ url: Substring, isWebhook: Bool = false) -> String {
        let authority = url.prefix(beforeAnyOf: "/?#")
        let path = url[authority.endIndex...].prefix(beforeAnyOf: "?#")
        let query = url[path.endIndex...].prefix(beforeAnyOf: "#")
        let fragment = url[query.endIndex...]
        let isHook = isWebhook || Self.isHook(authority, path)
        return user(authority) + (isHook ? hookPath(path) : String(path))
            + (query.without(prefix: "?").map { "?" + parameters($0, areSecret: isHook) } ?? "")
            + (fragment.without(prefix: "#").map { "#" + parameters($0, areSecret: isHook) } ?? "")
    }

    /// Whether a URL in a text looks like that of a webhook.
    private static func isHook(_ authority: Substring, _ path: Substring) -> Bool {
        let host = authority.lowercasedASCII
        return host.starts(withBytes: "hooks.") || host.firstIndex(ofBytes: "webhook") != nil
            || path.lowercasedASCII.firstIndex(ofBytes: "/webhooks/") != nil
    }

    /// `user:password@host`. A user name without a password is itself secret, since tokens are sent that way.
    private func user(_ authority: Substring) -> String {
        guard let at = authority.lastIndex(ofByte: "@") else { return String(authority) }
        let name = authority[..<at].prefix(beforeAnyOf: ":")
        guard name.endIndex < at else { return replacement("user", String(name)) + authority[at...] }
        let password = authority[authority.utf8.index(after: name.endIndex)..<at]
        return name + ":" + replacement("password", String(password)) + authority[at...]
    }

    /// Masks all segments. Only the first may stay, if it is a plain word such as `services`.
    private func hookPath(_ path: Substring) -> String {
        let segments = path.split(atByte: "/", omittingEmptySubsequences: false).dropFirst()
        return segments.enumerated().map { index, segment in
            let isPlain = segment.isEmpty || index == 0 && Self.isWord(segment)
            return "/" + (isPlain ? String(segment) : replacement("path", String(segment)))
        }.joined()
    }

    private static func isWord(_ segment: Substring) -> Bool {
        segment.utf8.count <= 12 && segment.utf8.allSatisfy(ASCII.isLowercase)
    }

    private func parameters(_ text: Substring, areSecret: Bool) -> String {
        guard areSecret else { return form(String(text)) ?? unparsed(String(text)) }
        return text.split(atByte: "&", omittingEmptySubsequences: false).map { pair in
            let name = pair.prefix(beforeAnyOf: "=")
            guard let value = pair[name.endIndex...].without(prefix: "=") else {
                return pair.isEmpty ? "" : replacement("parameter", String(pair))
            }
            return name + "=" + (value.isEmpty ? "" : replacement("parameter", String(value)))
        }.joined(separator: "&")
    }
}
