import Models
import Wire

/// Finds out what kind of document a file is: its bytes decide first, then its name, then what
/// the sender declared.
public enum TypeDetector {
    /// - Parameters:
    ///   - name: the file's name, for its extension.
    ///   - declared: the media type that came with the file, parameters and all.
    /// - Throws: `unsupported` for anything that is not a document, `unreadable` for a damaged one.
    public static func detect(
        bytes: [UInt8], name: String, declared: String?
    ) throws(ExtractionError) -> DocumentType {
        if let type = try typeBySignature(bytes) { return type }
        if let claim = typeByClaim(name, declared) {
            throw .unreadable("The file does not begin as a \(claim) does, although its name says that it is one.")
        }
        let named = typeByExtension(name)
        if TextDecoder.byteOrderMark(of: bytes) == nil { try rejectBinary(bytes) }
        if let type = MarkupSniffer.type(of: bytes, named: named) { return type }
        if let named, isText(named) { return named }
        if let declared, let type = typeByMediaType(declared), isText(type) { return type }
        return .text
    }

    /// The types that are plain bytes of text, so that any text can pass for them.
    private static func isText(_ type: DocumentType) -> Bool {
        switch type {
        case .html, .markdown, .text, .csv, .json, .eml: true
        case .pdf, .docx, .xlsx, .pptx, .odt, .epub, .rtf: false
        }
    }

    private static func typeBySignature(_ bytes: [UInt8]) throws(ExtractionError) -> DocumentType? {
        // Readers accept up to a kilobyte of noise in front of a PDF; a few bytes are enough here.
        if bytes.starts(with: "%PDF-".utf8) || bytes.dropFirst(3).starts(with: "%PDF-".utf8) {
            return .pdf
        }
        if bytes.starts(with: "{\\rtf".utf8) { return .rtf }
        if bytes.starts(with: [0x50, 0x4B, 3, 4]) { return try ZipSniffer.type(of: bytes) }
        if let kind = foreignKind(of: bytes) { throw .unsupported("\(kind) cannot be read.") }
        return nil
    }

    /// What a well-known file that is no document calls itself.
    private static func foreignKind(of bytes: [UInt8]) -> String? {
        foreignSignatures.first { bytes.starts(with: $0.bytes) }?.kind
    }

    private static let foreignSignatures: [(bytes: [UInt8], kind: String)] = [
        ([0xD0, 0xCF, 0x11, 0xE0], "Old or password-protected Microsoft Office files"),
        ([0x89, 0x50, 0x4E, 0x47], "Images"), ([0xFF, 0xD8, 0xFF], "Images"),
        (Array("GIF8".utf8), "Images"), (Array("RIFF".utf8), "Audio, video and image files"),
        (Array("ID3".utf8), "Audio files"), (Array("OggS".utf8), "Audio and video files"),
        ([0x7F, 0x45, 0x4C, 0x46], "Programs"), ([0x1F, 0x8B], "Compressed archives"),
        (Array("7z".utf8) + [0xBC, 0xAF], "Compressed archives"),
        (Array("Rar!".utf8), "Compressed archives"), (Array("BZh".utf8), "Compressed archives"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "Compressed archives"),
        ([0x50, 0x4B, 5, 6], "Empty archives"), (Array("SQLite format 3".utf8), "Databases"),
    ]

    /// Text has no NULs and hardly another control character.
    private static func rejectBinary(_ bytes: [UInt8]) throws(ExtractionError) {
        let sample = bytes.prefix(65_536)
        let controls = sample.count { $0 < 0x20 && !TextBytes.isSpace($0) && $0 != 0x1B }
        guard !bytes.contains(0), controls * 50 <= sample.count else {
            throw .unsupported("The file is not a text document.")
        }
    }

    private static func typeByExtension(_ name: String) -> DocumentType? { extensions[fileExtension(of: name)] }

    /// In lower case, without the dot; empty when there is none.
    private static func fileExtension(of name: String) -> String {
        name.utf8.lastIndex(of: UInt8(ascii: ".")).map { name[name.utf8.index(after: $0)...].lowercasedASCII } ?? ""
    }

    /// What a file calls itself that is known by its first bytes; nil when whoever sent it says that it is something
    /// else.
    private static func typeByClaim(_ name: String, _ declared: String?) -> String? {
        guard let claim = claims[fileExtension(of: name)] else { return nil }
        let type = declared.map(essence(of:)) ?? ""
        return ["", "application/octet-stream", claim.type.mimeType].contains(type) ? claim.name : nil
    }

    private static let claims: [String: (type: DocumentType, name: String)] = [
        "pdf": (.pdf, "PDF document"), "docx": (.docx, "Word document"),
    ]

    private static let extensions: [String: DocumentType] = [
        "html": .html, "htm": .html, "xhtml": .html, "md": .markdown, "markdown": .markdown,
        "mdown": .markdown, "mkd": .markdown, "txt": .text, "text": .text, "log": .text,
        "csv": .csv, "tsv": .csv, "json": .json, "eml": .eml,
    ]

    private static func essence(of mediaType: String) -> String {
        mediaType.prefix(beforeAnyOf: "; ").lowercasedASCII
    }

    private static func typeByMediaType(_ declared: String) -> DocumentType? {
        let essence = essence(of: declared)
        if let alias = mediaTypeAliases[essence] { return alias }
        return DocumentType.allCases.first { $0.mimeType == essence }
    }

    private static let mediaTypeAliases: [String: DocumentType] = [
        "application/xhtml+xml": .html, "text/x-markdown": .markdown, "application/csv": .csv,
        "text/tab-separated-values": .csv, "text/json": .json,
    ]
}
