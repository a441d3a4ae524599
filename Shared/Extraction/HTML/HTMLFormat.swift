extension Format {
    static let html = Format(
        text: .html, mediaTypes: ["text/html", "application/xhtml+xml"],
        extensions: ["html", "htm", "xhtml"], looksLike: HTMLRecognition.isHTML, extract: HTMLExtractor.extract)
}

/// Recognises pages, whatever they are called: by their document type, or by `<html>` and another element that every page
/// has. Markdown, templates and program text can begin with any other tag, so a fragment of HTML counts only if it has
/// no other name and nothing but markup at both ends.
private enum HTMLRecognition {
    @Sendable static func isHTML(_ sample: TextSample) -> Bool {
        guard sample.first == UInt8(ascii: "<") else { return false }
        let bytes = sample.bytes
        let start = endOfProlog(in: bytes, from: sample.start)
        if isTag("<!doctype html", in: bytes, at: start) { return true }
        if isTag("<html", in: bytes, at: start) {
            return !sample.hasExtension || sample.named == .html
                || (start + 5..<bytes.count).contains { index in
                    bytes[index] == UInt8(ascii: "<") && pageTags.contains { isTag($0, in: bytes, at: index) }
                }
        }
        if sample.named == .html { return fragmentTags.contains { isTag($0, in: bytes, at: start) } }
        return !sample.hasExtension && sample.isWhole && fragmentTags.contains { isTag($0, in: bytes, at: start) }
            && bytes.last { !TextBytes.isSpace($0) } == UInt8(ascii: ">") && !bytes.contains(UInt8(ascii: "{"))
    }

    /// The index after comments and an XML declaration.
    private static func endOfProlog(in bytes: [UInt8], from start: Int) -> Int {
        var index = start
        while index < bytes.count {
            if TextBytes.isSpace(bytes[index]) {
                index += 1
            } else if TextBytes.hasPrefix("<?xml", in: bytes, at: index) {
                index = (bytes[index...].firstIndex(of: UInt8(ascii: ">")) ?? bytes.count - 1) + 1
            } else if TextBytes.hasPrefix("<!--", in: bytes, at: index) {
                index = HTMLTokenizer.endOfComment(in: bytes, from: index) ?? bytes.count
            } else {
                return index
            }
        }
        return index
    }

    private static func isTag(_ tag: StaticString, in bytes: [UInt8], at index: Int) -> Bool {
        let end = index + tag.utf8CodeUnitCount
        guard TextBytes.hasPrefix(tag, in: bytes, at: index), end < bytes.count else { return false }
        return TextBytes.isSpace(bytes[end]) || bytes[end] == UInt8(ascii: ">")
    }

    private static let pageTags: [StaticString] = ["<head", "<body", "<title", "<meta", "</html", "<frameset"]

    /// The tags of the WHATWG's MIME Sniffing, section 7.1, and newer ones.
    private static let fragmentTags: [StaticString] = [
        "<head", "<body", "<script", "<iframe", "<h1", "<div", "<font", "<table", "<a", "<style", "<title", "<b",
        "<br", "<p", "<h2", "<ul", "<ol", "<article", "<main", "<section", "<meta",
    ]
}
