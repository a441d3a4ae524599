extension Format {
    static let html = Format(
        text: .html, mediaTypes: ["text/html", "application/xhtml+xml"],
        extensions: ["html", "htm", "xhtml"], looksLike: HTMLRecognition.isHTML, extract: HTMLExtractor.extract)
}

private enum HTMLRecognition {
    /// Tags that begin a page always count. Others (WHATWG MIME Sniffing, section 7.1) count only if the file's name
    /// does not indicate another text format, because Markdown may begin with them.
    @Sendable static func isHTML(_ sample: TextSample) -> Bool {
        guard sample.first == UInt8(ascii: "<") else { return false }
        let (bytes, start) = (sample.bytes, sample.start)
        if pageTags.contains(where: { isTag($0, in: bytes, at: start) }) { return true }
        if TextBytes.hasPrefix("<?xml", in: bytes, at: start) {
            return (start..<min(bytes.count, start + 1024)).contains {
                TextBytes.hasPrefix("<html", in: bytes, at: $0)
            }
        }
        guard sample.named == nil || sample.named == .html else { return false }
        return TextBytes.hasPrefix("<!--", in: bytes, at: start)
            || contentTags.contains { isTag($0, in: bytes, at: start) }
    }

    private static func isTag(_ tag: StaticString, in bytes: [UInt8], at index: Int) -> Bool {
        let end = index + tag.utf8CodeUnitCount
        guard TextBytes.hasPrefix(tag, in: bytes, at: index), end < bytes.count else { return false }
        return TextBytes.isSpace(bytes[end]) || bytes[end] == UInt8(ascii: ">")
    }

    private static let pageTags: [StaticString] = ["<!doctype html", "<html", "<head", "<body"]

    private static let contentTags: [StaticString] = [
        "<script", "<iframe", "<h1", "<div", "<font", "<table", "<a", "<style", "<title", "<b",
        "<br", "<p", "<h2", "<ul", "<ol", "<article", "<main", "<section", "<meta",
    ]
}
