import Models

/// Recognises HTML and JSON by their first bytes.
enum MarkupSniffer {
    /// The type that the text shows by itself; nil when it could be anything.
    static func type(of bytes: [UInt8], named: DocumentType?) -> DocumentType? {
        let head = TextDecoder.decode(Array(bytes.prefix(65_536)))
        guard let start = head.firstIndex(where: { !TextBytes.isSpace($0) }) else { return nil }
        switch head[start] {
        case UInt8(ascii: "<"): return isHTML(head, at: start, named: named) ? .html : nil
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            let isWhole = bytes.count <= 65_536
            return JSONScanner.isPlausible(head, isWhole: isWhole) ? .json : nil
        default: return nil
        }
    }

    /// Tags that begin a page, anywhere; others (WHATWG MIME Sniffing, section 7.1) only where the
    /// name does not say that this is another text format, because Markdown may begin with them.
    private static func isHTML(_ head: [UInt8], at start: Int, named: DocumentType?) -> Bool {
        if pageTags.contains(where: { isTag($0, in: head, at: start) }) { return true }
        if TextBytes.hasPrefix("<?xml", in: head, at: start) {
            return (start..<min(head.count, start + 1024)).contains {
                TextBytes.hasPrefix("<html", in: head, at: $0)
            }
        }
        guard named == nil || named == .html else { return false }
        return TextBytes.hasPrefix("<!--", in: head, at: start)
            || contentTags.contains { isTag($0, in: head, at: start) }
    }

    private static func isTag(_ tag: StaticString, in head: [UInt8], at index: Int) -> Bool {
        let end = index + tag.utf8CodeUnitCount
        guard TextBytes.hasPrefix(tag, in: head, at: index), end < head.count else { return false }
        return TextBytes.isSpace(head[end]) || head[end] == UInt8(ascii: ">")
    }

    private static let pageTags: [StaticString] = ["<!doctype html", "<html", "<head", "<body"]

    private static let contentTags: [StaticString] = [
        "<script", "<iframe", "<h1", "<div", "<font", "<table", "<a", "<style", "<title", "<b",
        "<br", "<p", "<h2", "<ul", "<ol", "<article", "<main", "<section", "<meta",
    ]
}
