/// The names of a book's chapters in its table of contents: a page with links (EPUB 3.3, section 7.4), or an NCX document.
enum EPUBContents {
    /// Further chapters have no names.
    private static let most = 10_000
    /// The maximum size of a name in bytes.
    private static let longestName = 200

    /// The name of the first entry for each file.
    ///
    /// - Parameter file: the name of the table's own file.
    static func names(in part: [UInt8], of file: String) -> [String: String] {
        let bytes = TextDecoder.decode(part)
        var tokenizer = HTMLTokenizer(bytes)
        var names: [String: String] = [:]
        var label: [UInt8] = []
        var target: String?
        while let token = tokenizer.next(), names.count < most {
            switch token {
            case .text(let range):
                if label.count < 4 * longestName { HTMLText.decode(bytes, range, into: &label) }
            case .start("a", _):
                label.removeAll()
                target = reference(tokenizer.attribute("href"), from: file)
            case .start("navlabel", _): label.removeAll()
            case .start("content", _):
                add(label, reference(tokenizer.attribute("src"), from: file), to: &names)
            case .end("a"): add(label, target, to: &names)
            default: break
            }
        }
        return names
    }

    private static func reference(_ value: ArraySlice<UInt8>?, from file: String) -> String? {
        guard let value else { return nil }
        var decoded: [UInt8] = []
        HTMLText.decode(Array(value), 0..<value.count, into: &decoded)
        return EPUBPackage.resolve(String(decoding: decoded, as: UTF8.self), from: file)
    }

    private static func add(_ label: [UInt8], _ file: String?, to names: inout [String: String]) {
        let name = TextBytes.prefix(TextBytes.collapse(label), upTo: longestName)
        guard let file, !name.isEmpty, names[file] == nil else { return }
        names[file] = String(decoding: name, as: UTF8.self)
    }
}
