import Wire

/// A tag of HTML in Markdown. Much else stands in angle brackets: `<hostname>`, `Map<String, Integer>`, `a<b and c>d`.
struct MarkdownTag {
    /// In lower case.
    let name: String
    let isClosing: Bool
    /// Whether HTML has an element of this name.
    let isKnown: Bool
    /// Whether it can be nothing else.
    let isCertain: Bool
    /// The position behind the `>`.
    let end: Int

    /// The maximum length of a tag.
    static let reach = 2_000

    /// The tag at the `<` at `start`; nil for what is none by its form (CommonMark section 6.6) or its name. If it is
    /// not certain, the document must close the element, too.
    init?(in bytes: [UInt8], at start: Int, before limit: Int) {
        var scan = Scan(bytes: bytes, index: start + 1, limit: min(limit, start + Self.reach))
        let isClosing = scan.skip(UInt8(ascii: "/"))
        guard let name = scan.name(), let attributes = scan.attributes() else { return nil }
        self.isClosing = isClosing
        self.name = String(decoding: bytes[name].map(TextBytes.lowercase), as: UTF8.self)
        end = scan.index
        isKnown = Self.known.contains(self.name)
        switch attributes {
        case .none:
            // A type parameter, as in `Set<A>`, or a value to fill in.
            let isParameter =
                start > 0 && (TextBytes.isLetter(bytes[start - 1]) || TextBytes.isDigit(bytes[start - 1]))
                && TextBytes.isUppercase(bytes[name.lowerBound])
            guard isKnown || isClosing || self.name.utf8.contains(UInt8(ascii: "-")) else { return nil }
            isCertain = isKnown && !isClosing && !isParameter && !Self.placeholders.contains(self.name)
        // Prose has no such words behind the name of an element.
        case .flags:
            guard isKnown else { return nil }
            isCertain = true
        case .values: isCertain = true
        }
    }

    /// Whether text before and behind it belongs to different words.
    var endsWord: Bool {
        HTMLElements.roles[name]?.endsText ?? false || HTMLElements.endedByNext.contains(name) || name == "br"
    }

    /// The names of all closing tags in a text.
    static func closed(in bytes: [UInt8]) -> Set<String> {
        var names: Set<String> = []
        var index = 0
        while let start = bytes[index...].firstIndex(of: UInt8(ascii: "<")) {
            index = start + 1
            guard index < bytes.count, bytes[index] == UInt8(ascii: "/"),
                let tag = MarkdownTag(in: bytes, at: start, before: bytes.count)
            else { continue }
            names.insert(tag.name)
        }
        return names
    }

    private enum Attributes {
        case none
        /// Only attributes of HTML that take no value.
        case flags
        /// At least one has a value.
        case values
    }

    private struct Scan {
        let bytes: [UInt8]
        var index: Int
        let limit: Int

        private var byte: UInt8? { index < limit ? bytes[index] : nil }

        mutating func skip(_ wanted: UInt8) -> Bool {
            guard byte == wanted else { return false }
            index += 1
            return true
        }

        private mutating func skipSpace() -> Bool {
            let start = index
            while let byte, TextBytes.isSpace(byte) { index += 1 }
            return index > start
        }

        mutating func name() -> Range<Int>? {
            guard let first = byte, TextBytes.isLetter(first) else { return nil }
            let start = index
            while let byte, TextBytes.isLetter(byte) || TextBytes.isDigit(byte) || byte == UInt8(ascii: "-") {
                index += 1
            }
            return start..<index
        }

        /// What comes behind the name, with the `>`; nil if this is no tag.
        mutating func attributes() -> Attributes? {
            var (hasQuotes, hasValues, hasWords, hasFlags) = (false, false, false, false)
            while let byte {
                let hasSpace = skipSpace()
                if skip(UInt8(ascii: ">")) {
                    // Words between values are prose: `a<b and c=1 or d>e`.
                    if hasWords, !hasQuotes { return nil }
                    return hasValues ? .values : hasFlags ? .flags : Attributes.none
                }
                if skip(UInt8(ascii: "/")) { continue }
                guard hasSpace || byte == UInt8(ascii: "\""), let name = attributeName() else { return nil }
                let end = index
                _ = skipSpace()
                if skip(UInt8(ascii: "=")) {
                    _ = skipSpace()
                    guard let isQuoted = value() else { return nil }
                    hasValues = true
                    hasQuotes = hasQuotes || isQuoted
                } else {
                    index = end
                    let isFlag =
                        bytes[name].starts(with: "data-".utf8)
                        || MarkdownTag.flags.contains(
                            String(decoding: bytes[name].map(TextBytes.lowercase), as: UTF8.self))
                    hasFlags = hasFlags || isFlag
                    hasWords = hasWords || !isFlag
                }
            }
            return nil
        }

        private mutating func attributeName() -> Range<Int>? {
            guard let first = byte, TextBytes.isLetter(first) || "_:@#".utf8.contains(first) else { return nil }
            let start = index
            while let byte, !TextBytes.isSpace(byte), !"=<>/\"'`".utf8.contains(byte) { index += 1 }
            return start..<index
        }

        /// Skips a value. Returns whether it is quoted; nil if it does not end.
        private mutating func value() -> Bool? {
            guard let mark = byte else { return nil }
            guard mark == UInt8(ascii: "\"") || mark == UInt8(ascii: "'") else {
                let start = index
                while let byte, !TextBytes.isSpace(byte), !"<>\"'`=".utf8.contains(byte) { index += 1 }
                return index > start ? false : nil
            }
            index += 1
            while let byte, byte != mark { index += 1 }
            return skip(mark) ? true : nil
        }
    }

    /// The names of elements, of all versions of HTML, MathML's and SVG's outermost included.
    private static let known: Set<String> = Set(
        """
        a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink blockquote body br \
        button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em \
        embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html \
        i iframe image img input ins kbd label legend li link main map mark marquee math menu meta meter nav nobr \
        noframes noscript object ol optgroup option output p param picture pre progress q rb rp rt rtc ruby s samp \
        script search section select slot small source span strike strong style sub summary sup svg table tbody td \
        template textarea tfoot th thead time title tr track tt u ul var video wbr
        """.split(atByte: " ").map(String.init))

    /// Elements whose names are words that people put in brackets for something to fill in. Without an end or values
    /// they say nothing in HTML.
    private static let placeholders: Set<String> = [
        "address", "area", "base", "button", "caption", "data", "form", "image", "input", "label", "legend", "link",
        "map", "menu", "meter", "object", "option", "output", "param", "search", "section", "source", "summary",
        "time", "title", "track",
    ]

    /// Attributes of HTML that take no value.
    private static let flags: Set<String> = [
        "allowfullscreen", "async", "autofocus", "autoplay", "border", "checked", "compact", "controls", "default",
        "defer",
        "disabled", "download", "hidden", "inert", "ismap", "itemscope", "loop", "multiple", "muted", "nomodule",
        "noshade", "novalidate", "nowrap", "open", "playsinline", "readonly", "required", "reversed", "selected",
    ]
}
