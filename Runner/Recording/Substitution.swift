import Wire

/// Maps the ids, tokens and entity tags of a recording to those of its replay, because every run generates new ones.
package struct Substitution {
    private var replacements: [String: String] = [:]
    /// The ends of ids, which are part of names in URLs.
    private var endings: [String: String] = [:]

    package init() {}

    package mutating func learn(_ old: String, _ new: String) {
        guard old != new else { return }
        replacements[old] = new
        if Self.idPrefix(old[...]) != nil {
            endings[old.suffix(8).lowercasedASCII] = new.suffix(8).lowercasedASCII
        }
    }

    /// Maps the parts of two entity tags. Short parts, such as version numbers, are too ambiguous elsewhere.
    mutating func learnTag(_ old: String, _ new: String) {
        let (olds, news) = (Self.words(old), Self.words(new))
        guard olds.count == news.count else { return }
        for (before, after) in zip(olds, news) where before.utf8.count >= Self.shortestTag {
            learn(String(before), String(after))
        }
    }

    private static let shortestTag = 16

    /// Whether two texts are equal under the known mappings. Learns new ones from ids that differ.
    mutating func matches(_ old: String, _ new: String, isSecret: Bool) -> Bool {
        if old == new || text(old) == new { return true }
        if isSecret {
            learn(old, new)
            return true
        }
        let (olds, news) = (Self.words(old), Self.words(new))
        guard olds.count == news.count else { return false }
        for (before, after) in zip(olds, news) where before != after && word(before) != after {
            guard let prefix = Self.idPrefix(before), prefix == Self.idPrefix(after) else {
                if Self.isTime(before), Self.isTime(after) { continue }
                return false
            }
            learn(String(before), String(after))
        }
        return true
    }

    // MARK: Requests

    /// A request of the recording as it must be sent in the replay.
    package func applied(to json: JSON) -> JSON {
        switch json {
        case .string(let text): return .string(self.text(text))
        case .array(let items): return .array(items.map(applied))
        case .object(let object):
            var changed = JSONObject()
            for member in object.members { changed.append(text(member.key), applied(to: member.value)) }
            return .object(changed)
        default: return json
        }
    }

    func text(_ text: String) -> String {
        if let whole = replacements[text] { return whole }
        guard !replacements.isEmpty else { return text }
        return Self.words(text).map(word).joined()
    }

    private func word(_ word: Substring) -> String {
        if let whole = replacements[String(word)] { return whole }
        if word.utf8.count > 8, let ending = endings[String(word.suffix(8))] { return word.dropLast(8) + ending }
        return String(word)
    }

    // MARK: Words

    /// Splits a text into runs of characters that ids, tokens and times have, and the text between them.
    private static func words(_ text: String) -> [Substring] {
        var words: [Substring] = []
        let bytes = text.utf8
        var start = bytes.startIndex
        var isWord = false
        for index in bytes.indices {
            let belongs = isWordByte(bytes[index])
            if belongs != isWord, start < index { words.append(text[start..<index]) }
            if belongs != isWord { start = index }
            isWord = belongs
        }
        if start < bytes.endIndex { words.append(text[start...]) }
        return words
    }

    /// Only ASCII belongs to words, so that pieces end between characters.
    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case _ where ASCII.isAlphanumeric(byte): true
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"): true
        default: false
        }
    }

    /// `ws` for `ws_01M88AAQ01YBCSDK8D6JCQ3QSZ`; empty for a ULID without a prefix.
    private static func idPrefix(_ word: Substring) -> Substring? {
        let parts = word.split(atByte: "_", omittingEmptySubsequences: false)
        guard parts.count <= 2, let last = parts.last, last.utf8.count == 26,
            last.utf8.allSatisfy({ ASCII.isDigit($0) || ASCII.isUppercase($0) })
        else { return nil }
        return parts.count == 2 ? parts[0] : ""
    }

    private static func isTime(_ word: Substring) -> Bool { word.contains(byte: "T") && Timestamp(String(word)) != nil }
}
