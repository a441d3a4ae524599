import Wire

/// Finds the secrets in envelopes and puts something else in their place: by the names of fields,
/// header fields and query parameters, and by the look of tokens that stand anywhere in a text.
struct SecretMask: Sendable {
    /// What stands in the place of a secret of that field.
    let replacement: @Sendable (_ field: String, _ secret: String) -> String

    /// Names without case, hyphens and underscores.
    private static let names: Set<String> = [
        "authorization", "proxyauthorization", "xapikey", "password", "currentpassword", "newpassword", "token",
        "refreshtoken", "accesstoken", "idtoken", "xrunnertoken", "key", "apikey", "secret", "clientsecret",
    ]
    private static let cookieNames: Set<String> = ["cookie", "setcookie", "cookies"]
    /// What secrets that are known by their look begin with.
    private static let marks = ["eyJ", "nxl_", "whsec_"]

    static func isSecret(_ name: String) -> Bool { names.contains(normalized(name)) }

    private static func normalized(_ name: String) -> String {
        String(
            decoding: name.utf8.lazy.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }.map(ASCII.lowercase),
            as: UTF8.self)
    }

    // MARK: Values

    /// An envelope of either direction, its JSON body included.
    func applied(to envelope: JSON) -> JSON { value(envelope, of: "") }

    private func value(_ json: JSON, of name: String) -> JSON {
        switch json {
        case .object(let object):
            var masked = JSONObject()
            for member in object.members { masked.append(member.key, value(member.value, of: member.key)) }
            return .object(masked)
        case .array(let items): return .array(items.map { value($0, of: name) })
        case .string(let text): return .string(string(text, of: name))
        default: return json
        }
    }

    private func string(_ text: String, of name: String) -> String {
        let plain = Self.normalized(name)
        if text.isEmpty { return text }
        if Self.cookieNames.contains(plain) { return cookie(text) }
        if Self.names.contains(plain) { return credentials(text, of: name) }
        switch name {
        case "body":
            if let json = Self.document(text) { return value(json, of: "").text }
            return form(text) ?? self.text(Self.looksLikeJSON(text) ? members(text) : text)
        case "rawQueryString": return form(text) ?? self.text(text)
        default: return self.text(text)
        }
    }

    /// `Bearer …` keeps its scheme.
    private func credentials(_ text: String, of name: String) -> String {
        guard let space = text.firstIndex(of: " "), name.count > 12 else { return replacement(name, text) }
        return text[...space] + replacement(name, String(text[space...].dropFirst()))
    }

    /// `name=value; attributes`, or several cookies.
    private func cookie(_ text: String) -> String {
        text.split(separator: ";", omittingEmptySubsequences: false).map { part in
            guard let equals = part.firstIndex(of: "="),
                !["path", "domain", "expires", "max-age", "samesite"].contains(part[..<equals].lowercased().trimmed)
            else { return String(part) }
            let value = part[equals...].dropFirst()
            return part[...equals] + replacement("cookie", String(value))
        }.joined(separator: ";")
    }

    /// `name=value&name=value`; nil for other text.
    private func form(_ text: String) -> String? {
        guard text.contains("="), !text.contains(where: { $0.isWhitespace }) else { return nil }
        return text.split(separator: "&", omittingEmptySubsequences: false).map { pair in
            guard let equals = pair.firstIndex(of: "="), Self.isSecret(String(pair[..<equals])) else {
                return self.text(String(pair))
            }
            let value = pair[equals...].dropFirst()
            return pair[...equals] + replacement(String(pair[..<equals]), String(value))
        }.joined(separator: "&")
    }

    /// Text that was meant to be JSON: the strings behind the names of secrets are replaced as far as
    /// they can be told.
    private func members(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        var isExpected = false
        while let quote = rest.firstIndex(of: "\"") {
            let between = rest[..<quote]
            isExpected = isExpected && between.allSatisfy { $0 == ":" || $0.isWhitespace } && between.contains(":")
            let content = rest[quote...].dropFirst()
            let end = Self.closingQuote(content)
            let word = String(content[..<end])
            result += between + "\"" + (isExpected ? replacement("secret", word) : word)
            isExpected = Self.isSecret(word)
            guard end < content.endIndex else { return result }
            result += "\""
            rest = content[end...].dropFirst()
        }
        return result + rest
    }

    private static func closingQuote(_ content: Substring) -> Substring.Index {
        var isEscaped = false
        return content.firstIndex { character in
            defer { isEscaped = character == "\\" && !isEscaped }
            return character == "\"" && !isEscaped
        } ?? content.endIndex
    }

    // MARK: Text

    /// Any text, such as a line of stderr, with the tokens in it replaced.
    func text(_ text: String) -> String {
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
