import HTTP
import Wire

/// Replaces the secrets in envelopes. It finds them by the names of fields, header fields and query parameters, and
/// tokens anywhere in a text by their form.
package struct SecretMask: Sendable {
    /// The replacement for a field's secret.
    let replacement: @Sendable (_ field: String, _ secret: String) -> String
    /// The replacement for a number, given as text; nil to use `replacement`.
    let numberReplacement: (@Sendable (_ secret: String) -> String)?

    package init(
        replacement: @escaping @Sendable (_ field: String, _ secret: String) -> String,
        numberReplacement: (@Sendable (_ secret: String) -> String)? = nil
    ) {
        self.replacement = replacement
        self.numberReplacement = numberReplacement
    }

    /// The prefixes of tokens that are secret wherever they are.
    private static let marks = ["eyJ", "nxl_", "nxr_", "whsec_"]

    /// Whether a field of that name holds a secret.
    package static func isSecret(_ name: String) -> Bool { SecretNames.contain(name) }

    // MARK: Values

    /// Masks an envelope of either direction, with its body.
    package func applied(to envelope: JSON) -> JSON {
        let (isPublic, isBase64) = (Self.isPublic(envelope), envelope["isBase64Encoded"]?.bool == true)
        guard isPublic || isBase64, var object = envelope.object, let body = object["body"]?.string
        else { return value(envelope, of: "") }
        object.replace("body", with: .null)
        var masked = value(.object(object), of: "").object ?? object
        masked.replace("body", with: .string(isPublic ? body : base64(body)))
        return .object(masked)
    }

    /// Whether this is a response that every cache may store (RFC 9111 section 5.2.2.9), so that it has no secrets,
    /// such as the OpenAPI document, which describes the field `password`.
    private static func isPublic(_ envelope: JSON) -> Bool {
        envelope["statusCode"] != nil
            && envelope["headers"]?["cache-control"]?.string?.starts(withBytes: "public") == true
    }

    func value(_ json: JSON, of name: String) -> JSON {
        switch json {
        case .array(let items): return .array(pairs(items, of: name))
        case .string(let text): return .string(string(text, of: name))
        case .null, .bool: return json
        case .object(let object):
            let isNamed = object.members.contains { Self.namesOfNames.contains($0.key) && Self.isSecretName($0.value) }
            // The members of a secret are secret, whatever their names.
            let isSecret = SecretNames.contain(name) || SecretNames.isCookie(name)
            var masked = JSONObject()
            for member in object.members {
                let isValue = isNamed && member.key.lowercasedASCII == "value"
                masked.append(
                    tokens(member.key), value(member.value, of: isSecret ? name : isValue ? "secret" : member.key))
            }
            return .object(masked)
        // The replacement for a number may be a number.
        case _ where SecretNames.contain(name) || SecretNames.isCookie(name):
            let text = numberReplacement?(json.text) ?? replacement(name, json.text)
            return (try? JSONReader.parse(text)) ?? .string(text)
        default: return json
        }
    }

    /// Members that give the name of the `value` beside them.
    private static let namesOfNames: Set<String> = ["name", "key", "field", "id"]

    private static func isSecretName(_ value: JSON) -> Bool { value.string.map(SecretNames.contain) ?? false }

    /// The items of an array. One may be the name of the next: `["password", "…"]`.
    private func pairs(_ items: [JSON], of name: String) -> [JSON] {
        items.enumerated().map { index, item in
            let isSecret = index > 0 && Self.isSecretName(items[index - 1]) && !Self.isSecretName(item)
            return value(item, of: isSecret ? "secret" : name)
        }
    }

    private func string(_ text: String, of name: String) -> String {
        if text.isEmpty { return text }
        if SecretNames.isCookie(name) { return cookie(text) }
        if SecretNames.contain(name) { return credentials(text, of: name) }
        switch name {
        case "body": return body(text)
        case "rawQueryString": return form(text) ?? unparsed(text)
        case _ where SecretNames.isURL(name): return webhookURL(text) ?? inner(text)
        default: return inner(text)
        }
    }

    /// `Bearer …` keeps its scheme. An unknown scheme may be the secret itself.
    private func credentials(_ text: String, of name: String) -> String {
        let scheme = text.prefix(beforeAnyOf: " ")
        guard SecretNames.isAuthorization(name), scheme.endIndex < text.endIndex,
            ["bearer", "basic", "digest"].contains(scheme.lowercasedASCII)
        else { return replacement(name, text) }
        return scheme + " " + replacement(name, String(text[text.utf8.index(after: scheme.endIndex)...]))
    }

    /// `name=value; attributes`, or several cookies.
    private func cookie(_ text: String) -> String {
        text.split(atByte: ";", omittingEmptySubsequences: false).map { part in
            let name = part.prefix(beforeAnyOf: "=")
            let attributes = [
                "", "path", "domain", "expires", "max-age", "samesite", "secure", "httponly", "partitioned",
            ]
            if attributes.contains(name.lowercasedASCII.trimmed) && !part.starts(withBytes: "=") { return String(part) }
            guard let equals = part.firstIndex(ofByte: "=") else { return replacement("cookie", String(part)) }
            let value = part[part.utf8.index(after: equals)...]
            return name + "=" + replacement("cookie", String(value))
        }.joined(separator: ";")
    }

    // MARK: Text

    /// Masks the tokens and the secrets of URLs in any text, such as a line of stderr.
    package func text(_ text: String) -> String { tokens(text.firstIndex(ofBytes: "://") == nil ? text : urls(text)) }

    /// A JSON string or a query parameter, which may itself be JSON, or percent-encoded again.
    func inner(_ text: String, depth: Int = 0) -> String {
        if Self.looksLikeJSON(text, orString: true), let json = try? JSONReader.parse(text) {
            let masked = value(json, of: "")
            // Rewritten only if it has a secret: otherwise it should stay as it was sent.
            if masked != json { return masked.text }
        } else if Self.looksLikeJSON(text), SecretNames.areBeforeValues(in: text.utf8) {
            return replacement("value", text)
        }
        let plain = parameters(text) ?? self.text(text)
        guard depth < Self.maximumEncodings, text.contains(byte: "%") else { return plain }
        let decoded = PercentEncoding.decode(text)
        if decoded.hasSameBytes(as: text) { return plain }
        let isSecret =
            SecretNames.areBeforeValues(in: decoded.utf8)
            || !inner(decoded, depth: depth + 1).hasSameBytes(as: decoded)
        return isSecret ? replacement("value", text) : plain
    }

    /// A path with a query, or only a query; nil for other text.
    private func parameters(_ text: String) -> String? {
        guard text.contains(byte: "="), !text.utf8.contains(where: { $0 <= 0x20 }),
            text.firstIndex(ofBytes: "://") == nil
        else { return nil }
        let path = text.contains(byte: "?") ? text.prefix(beforeAnyOf: "?") : ""
        let query = String(text[path.endIndex...].without(prefix: "?") ?? text[...])
        return self.text(String(path)) + (text.contains(byte: "?") ? "?" : "") + (form(query) ?? unparsed(query))
    }

    /// How many layers of percent-encoding are decoded.
    private static let maximumEncodings = 4

    func tokens(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard Self.marks.contains(where: { bytes[index...].starts(with: $0.utf8) }) else {
                result.append(bytes[index])
                index += 1
                continue
            }
            let end = bytes[index...].firstIndex { !Self.isTokenByte($0) } ?? bytes.count
            let token = bytes[index..<end]
            result +=
                token.count >= 24
                ? Array(replacement("token", String(decoding: token, as: UTF8.self)).utf8)[...] : token
            index = end
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        SecretNames.isAlphanumeric(byte) || "._-+/=".utf8.contains(byte)
    }

    /// JSON text that is an object or an array.
    package static func document(_ text: String) -> JSON? {
        looksLikeJSON(text) ? try? JSONReader.parse(text) : nil
    }

    private static func looksLikeJSON(_ text: String, orString: Bool = false) -> Bool {
        guard let first = text.utf8.first(where: { $0 > 0x20 }) else { return false }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[") || (orString && first == UInt8(ascii: "\""))
    }
}
