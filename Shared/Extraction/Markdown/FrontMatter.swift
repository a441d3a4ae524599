import Wire

/// Front matter: fields between `---` (YAML) or `+++` (TOML) at the beginning of a file, as static site generators and
/// note takers use them.
///
/// A rule and a paragraph at the beginning of a text look similar. So front matter must consist of fields from the line
/// after its fence to the closing fence; everything else is text.
struct FrontMatter {
    let fields: JSONObject
    /// The index of the first byte after the closing fence.
    let end: Int

    /// Longer front matter stays text, because metadata has no room for it.
    private static let maximumSize = 12_288
    /// A name of several words, as in `date created`, has at most this number of them.
    private static let maximumWords = 4

    init?(_ bytes: [UInt8]) {
        var index = 0
        let fence = Self.line(of: bytes, from: &index)
        let isYAML = bytes[fence].elementsEqual("---".utf8)
        guard isYAML || bytes[fence].elementsEqual("+++".utf8) else { return nil }
        var lines: [ArraySlice<UInt8>] = []
        let start = index
        while true {
            guard index < bytes.count, index - start <= Self.maximumSize else { return nil }
            let line = Self.line(of: bytes, from: &index)
            if bytes[line].elementsEqual(bytes[fence]) || isYAML && bytes[line].elementsEqual("...".utf8) { break }
            // Nobody writes a blank line after the fence, but everybody does after a rule.
            if line.isEmpty, lines.isEmpty { return nil }
            lines.append(bytes[line])
        }
        guard let fields = isYAML ? YAMLFields.parse(lines) : TOMLFields.parse(lines), !fields.isEmpty,
            fields.members.allSatisfy(Self.isField)
        else { return nil }
        guard !Self.hasHeading(lines) else { return nil }
        self.fields = fields
        end = index
    }

    var title: String? {
        let title = TextBytes.collapse((fields["title"] ?? fields["Title"])?.string?.utf8.map { $0 } ?? [])
        return title.isEmpty ? nil : String(decoding: title, as: UTF8.self)
    }

    /// Whether a comment is a heading rather, with a blank line below.
    private static func hasHeading(_ lines: [ArraySlice<UInt8>]) -> Bool {
        zip(lines, lines.dropFirst()).contains { line, next in
            next.isEmpty && line.first == UInt8(ascii: "#") && line.drop { $0 == UInt8(ascii: "#") }.first == 0x20
        }
    }

    /// Whether a member is a field and not a sentence with a colon, such as "Warning: The machine starts by itself."
    private static func isField(_ member: JSONObject.Member) -> Bool {
        let name = Array(member.key.utf8)
        guard TextBytes.countWords(name) <= maximumWords else { return false }
        guard let first = name.first, TextBytes.isUppercase(first), let text = member.value.string,
            !proseFields.contains(member.key.lowercasedASCII), let last = text.utf8.last
        else { return true }
        return TextBytes.countWords(text.utf8) < 4 || !".!?".utf8.contains(last)
    }

    /// Fields whose values are sentences.
    private static let proseFields: Set<String> = [
        "title", "subtitle", "description", "summary", "abstract", "excerpt", "subject", "comment", "tagline",
    ]

    /// The line at `index`, without spaces at its end. `index` advances to the next line.
    private static func line(of bytes: [UInt8], from index: inout Int) -> Range<Int> {
        let start = index
        while index < bytes.count, bytes[index] != 10 { index += 1 }
        var end = index
        while end > start, TextBytes.isSpace(bytes[end - 1]) { end -= 1 }
        index = min(index + 1, bytes.count)
        return start..<end
    }
}
