import Wire

/// The names of fields, header fields and parameters that hold secrets, in any spelling.
package enum SecretNames {
    /// In lower case, with only letters and digits.
    private static let names: Set<String> = [
        "authorization", "proxyauthorization", "xapikey", "xauthtoken", "xaccesstoken", "xrunnertoken",
        "idempotencykey",
        "password", "currentpassword", "newpassword", "oldpassword", "passwd", "passwort", "pass", "pwd", "pw",
        "passphrase", "passcode",
        "token", "authtoken", "refreshtoken", "accesstoken", "idtoken", "sessiontoken",
        "key", "apikey", "secretkey", "privatekey", "secret", "clientsecret",
    ]
    private static let cookieNames: Set<String> = ["cookie", "setcookie", "cookies"]

    /// Whether any part of a name is one of them: `user[api%5Fkey]` has two parts.
    static func contain(_ name: String) -> Bool {
        let bytes = unescaped(name.utf8)
        return bytes.split(whereSeparator: { "[].'\"".utf8.contains($0) }).contains { names.contains(folded($0)) }
    }

    static func isCookie(_ name: String) -> Bool { cookieNames.contains(folded(name.utf8)) }

    static func isAuthorization(_ name: String) -> Bool { folded(name.utf8).ends(withBytes: "authorization") }

    /// Whether a field of that name holds the URL of a webhook.
    static func isURL(_ name: String) -> Bool { ["url", "webhookurl", "callbackurl"].contains(folded(name.utf8)) }

    private static func folded(_ name: some Sequence<UInt8>) -> String {
        String(decoding: name.lazy.map(ASCII.lowercase).filter(isAlphanumeric), as: UTF8.self)
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        ASCII.isAlphanumeric(byte)
    }

    // MARK: Text in unknown forms

    /// Whether one of the names seems to precede a value in a text of any form: before a colon, an equals sign or the
    /// end of a tag, or as the name of a part.
    package static func areBeforeValues(in text: some Sequence<UInt8>) -> Bool {
        let bytes = unescaped(text)
        var index = 0
        var previous = ""
        while index < bytes.count {
            let end = bytes[index...].firstIndex { !isWordByte($0) } ?? bytes.count
            // No name is longer than this.
            let isShort = end > index && end - index <= 40
            let word = isShort ? folded(bytes[index..<end]) : ""
            if names.contains(word) || cookieNames.contains(word) {
                let next = bytes[end...].first { $0 > 0x20 && !"\"'])".utf8.contains($0) }
                if previous == "name" || next.map(":=>".utf8.contains) == true { return true }
            }
            if end > index { previous = word }
            index = end + 1
        }
        return false
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    /// Decodes URL and JSON escapes that stand for single bytes, which includes all of ASCII.
    private static func unescaped(_ text: some Sequence<UInt8>) -> [UInt8] {
        let bytes = Array(text)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        func code(_ digits: Range<Int>) -> UInt8? {
            guard digits.upperBound <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[digits] {
                guard let digit = Hex.value(byte) else { return nil }
                value = value << 4 | Int(digit)
            }
            return UInt8(exactly: value)
        }
        while index < bytes.count {
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            switch bytes[index] {
            case UInt8(ascii: "%"):
                let byte = code((index + 1)..<(index + 3))
                result.append(byte ?? UInt8(ascii: "%"))
                index += byte == nil ? 1 : 3
            case UInt8(ascii: "\\") where next == UInt8(ascii: "u"):
                let byte = code((index + 2)..<(index + 6))
                if let byte { result.append(byte) }
                index += byte == nil ? 2 : 6
            case UInt8(ascii: "\\"), 0: index += 1  // A zero is the other half of an ASCII character in UTF-16.
            case let byte:
                result.append(byte)
                index += 1
            }
        }
        return result
    }
}
