import Wire

/// Finds the secrets in envelopes and puts something else in their place: by the names of fields,
/// header fields and query parameters, and by the look of tokens that stand anywhere in a text.
struct SecretMask: Sendable {
    /// What stands in the place of a secret of that field.
    let replacement: @Sendable (_ field: String, _ secret: String) -> String

    /// What secrets that are known by their look begin with.
    private static let marks = ["eyJ", "nxl_", "whsec_"]

    static func isSecret(_ name: String) -> Bool { SecretNames.contain(name) }

    // MARK: Values

    /// An envelope of either direction, its body included.
    func applied(to envelope: JSON) -> JSON {
        let (isPublic, isBase64) = (Self.isPublic(envelope), envelope["isBase64Encoded"]?.bool == true)
        guard isPublic || isBase64, var object = envelope.object, let body = object["body"]?.string
        else { return value(envelope, of: "") }
        object.replace("body", with: .null)
        var masked = value(.object(object), of: "").object ?? object
        masked.replace("body", with: .string(isPublic ? body : base64(body)))
        return .object(masked)
    }

    /// Whether this is an answer that every cache may keep (RFC 9111 section 5.2.2.9), so that there is no secret in
    /// it, such as the OpenAPI document, which says what a `password` is.
    private static func isPublic(_ envelope: JSON) -> Bool {
        envelope["statusCode"] != nil && envelope["headers"]?["cache-control"]?.string?.hasPrefix("public") == true
    }

    func value(_ json: JSON, of name: String) -> JSON {
        switch json {
        case .array(let items): return .array(items.map { value($0, of: name) })
        case .string(let text): return .string(string(text, of: name))
        case .null, .bool: return json
        case .object(let object):
            // What a secret is made of is secret, whatever it is called.
            let isSecret = SecretNames.contain(name) || SecretNames.isCookie(name)
            var masked = JSONObject()
            for member in object.members {
                masked.append(member.key, value(member.value, of: isSecret ? name : member.key))
            }
            return .object(masked)
        // What stands in for a number may be one.
        case _ where SecretNames.contain(name) || SecretNames.isCookie(name):
            let text = replacement(name, json.text)
            return (try? JSONReader.parse(text)) ?? .string(text)
        default: return json
        }
    }

    private func string(_ text: String, of name: String) -> String {
        if text.isEmpty { return text }
        if SecretNames.isCookie(name) { return cookie(text) }
        if SecretNames.contain(name) { return credentials(text, of: name) }
        switch name {
        case "body": return body(text)
        case "rawQueryString": return form(text) ?? unparsed(text)
        default: return self.text(text)
        }
    }

    /// `Bearer …` keeps its scheme. What is none that is known may be the secret itself.
    private func credentials(_ text: String, of name: String) -> String {
        let scheme = text.prefix { $0 != " " }
        guard SecretNames.isAuthorization(name), scheme.endIndex < text.endIndex,
            ["bearer", "basic", "digest"].contains(scheme.lowercased())
        else { return replacement(name, text) }
        return scheme + " " + replacement(name, String(text[scheme.endIndex...].dropFirst()))
    }

    /// `name=value; attributes`, or several cookies.
    private func cookie(_ text: String) -> String {
        text.split(separator: ";", omittingEmptySubsequences: false).map { part in
            let name = part.prefix { $0 != "=" }
            let attributes = [
                "", "path", "domain", "expires", "max-age", "samesite", "secure", "httponly", "partitioned",
            ]
            if attributes.contains(name.lowercased().trimmed) && !part.hasPrefix("=") { return String(part) }
            guard let equals = part.firstIndex(of: "=") else { return replacement("cookie", String(part)) }
            let value = part[equals...].dropFirst()
            return part[...equals] + replacement("cookie", String(value))
        }.joined(separator: ";")
    }

    // MARK: Text

    /// Any text, such as a line of stderr, with the tokens and the secrets of URLs in it replaced.
    func text(_ text: String) -> String { tokens(text.contains("://") ? urls(text) : text) }

    private func urls(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let mark = rest.range(of: "://") {
            let start = rest.index(mark, offsetBy: 3)
            result += rest[..<start]
            let url = rest[start...].prefix { !$0.isWhitespace && !"\"'<>".contains($0) }
            rest = rest[url.endIndex...]
            let authority = url.prefix { !"/?#".contains($0) }
            let host = authority.lastIndex(of: "@") ?? authority.startIndex
            let user = authority[..<host].prefix { $0 != ":" }
            result += user
            if user.endIndex < host {
                result += ":" + replacement("password", String(authority[user.endIndex..<host].dropFirst()))
            }
            result += authority[host...]
            let path = url[authority.endIndex...].prefix { $0 != "?" }
            result += path
            guard path.endIndex < url.endIndex else { continue }
            let query = String(url[path.endIndex...].dropFirst())
            let isSecret = SecretNames.areBeforeValues(in: query.utf8) || (query.contains("://") && query.contains("@"))
            result += "?" + (isSecret ? replacement("query", query) : query)
        }
        return result + rest
    }

    private func tokens(_ text: String) -> String {
        guard Self.marks.contains(where: { text.contains($0) }) else { return text }
        var result = ""
        var rest = text[...]
        while let start = Self.marks.compactMap({ rest.range(of: $0) }).min(by: { $0 < $1 }) {
            let end = rest[start...].firstIndex { !Self.isTokenCharacter($0) } ?? rest.endIndex
            result += rest[..<start]
            let token = String(rest[start..<end])
            result += token.utf8.count >= 24 ? replacement("token", token) : token
            rest = rest[end...]
        }
        return result + rest
    }

    private static func isTokenCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "._-+/=".contains(character))
    }

    /// JSON text that is an object or an array.
    static func document(_ text: String) -> JSON? {
        looksLikeJSON(text) ? try? JSONReader.parse(text) : nil
    }

    private static func looksLikeJSON(_ text: String) -> Bool {
        guard let first = text.utf8.first(where: { $0 > 0x20 }) else { return false }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    }
}

extension Substring {
    /// Where `word` begins first.
    fileprivate func range(of word: String) -> Index? {
        var index = startIndex
        while let found = self[index...].firstIndex(of: word.first ?? " ") {
            if self[found...].hasPrefix(word) { return found }
            index = self.index(after: found)
        }
        return nil
    }
}
