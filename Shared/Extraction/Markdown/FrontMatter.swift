import Wire

/// Front matter: fields between `---` (YAML) or `+++` (TOML) at the beginning of a file, as static site generators and
/// note takers use them.
///
/// A rule and a paragraph at the beginning of a text look similar. So front matter must consist of fields from the line
/// after its fence to the closing fence, and a program must have use for them; everything else is text.
struct FrontMatter {
    let fields: JSONObject
    /// The index of the first byte after the closing fence.
    let end: Int

    /// Longer front matter stays text, because metadata has no room for it.
    private static let maximumSize = 12_288
    /// A name of several words, as in `date created`, has at most this number of them.
    private static let maximumWords = 4
    /// That of names for readers, as in `Note to all tenants`.
    private static let maximumWordsOfNotice = 8

    init?(_ bytes: [UInt8]) {
        guard let block = Block(bytes), block.lines.first?.isEmpty == false,
            let fields = block.isYAML ? YAMLFields.parse(block.lines) : TOMLFields.parse(block.lines), !fields.isEmpty,
            fields.members.allSatisfy(Self.isField), !Self.hasHeading(block.lines)
        else { return nil }
        guard !block.isYAML || fields.members.contains(where: Self.isForPrograms) else { return nil }
        self.fields = fields
        end = block.end
    }

    /// What stands between two rules at the beginning of a text, where front matter would.
    struct Block {
        fileprivate(set) var lines: [ArraySlice<UInt8>] = []
        fileprivate let isYAML: Bool
        /// Where the line of the second rule begins.
        private(set) var lastLine = 0
        /// The index of the first byte after the second rule.
        private(set) var end = 0

        /// Whether each line is a field, as in `Opening hours: 9 to 5`.
        var areFields: Bool {
            isYAML && lines.allSatisfy { $0.isEmpty || YAMLFields.isField($0, maximumWords: maximumWordsOfNotice) }
        }

        /// Whether the second rule is not the line below a heading: a heading is one line, and no sentence.
        var endsAsText: Bool {
            let isLong = lines.count > 1 && lines[lines.count - 2].isEmpty == false
            return isLong || lines.last?.last.map { ".!?".utf8.contains($0) } ?? false
        }

        init?(_ bytes: [UInt8]) {
            let fence = FrontMatter.line(of: bytes, from: &end)
            isYAML = bytes[fence].elementsEqual("---".utf8)
            guard isYAML || bytes[fence].elementsEqual("+++".utf8) else { return nil }
            let start = end
            while true {
                guard end < bytes.count, end - start <= maximumSize else { return nil }
                lastLine = end
                let line = FrontMatter.line(of: bytes, from: &end)
                if bytes[line].elementsEqual(bytes[fence]) || isYAML && bytes[line].elementsEqual("...".utf8) { break }
                // Nobody writes a blank line after the fence, but everybody does after a rule.
                if line.isEmpty, lines.isEmpty { return nil }
                lines.append(bytes[line])
            }
            if lines.isEmpty { return nil }
        }
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

    /// Whether a field is for programs rather than for readers, who write names like `Opening hours`.
    private static func isForPrograms(_ member: JSONObject.Member) -> Bool {
        guard let first = member.key.unicodeScalars.first else { return false }
        if first.properties.isLowercase || first == "_" || first == "$" { return true }
        let name = member.key.lowercasedASCII
        if namesOfDates.contains(name), let date = member.value.string {
            let year = date.utf8.prefix { $0 != UInt8(ascii: "-") }
            return year.count == 4 && year.count < date.utf8.count && year.allSatisfy(TextBytes.isDigit)
        }
        return names.contains(name)
    }

    private static let names: Set<String> = [
        "title", "subtitle", "author", "authors", "tags", "tag", "category", "categories", "keywords", "description",
        "summary", "abstract", "aliases", "slug", "layout", "draft", "permalink", "lang", "language", "id", "uuid",
    ]

    /// These have a value for programs if it is like `2024-05-01`.
    private static let namesOfDates: Set<String> = [
        "date", "created", "updated", "modified", "published", "lastmod", "date created", "date modified",
    ]

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
