import Models
import Wire

/// Detects the format of a file. Its bytes decide first, then its extension, then its declared media type.
public enum FormatDetector {
    /// What a file is.
    public struct Detected: Sendable {
        public let type: DocumentType
        /// Nil for formats that are not text.
        public let encoding: TextEncoding?
    }

    /// The format of a file whose encoding does not matter.
    static func detect(bytes: [UInt8], name: String, declared: String?) throws(ExtractionError) -> DocumentType {
        try detect(bytes: bytes, name: name, declared: declared, charset: nil).type
    }

    /// - Parameters:
    ///   - name: the file's name, for its extension.
    ///   - mediaType: the media type that came with the file, with or without parameters.
    ///   - charset: the encoding that the uploader states.
    /// - Throws: `unsupported` for anything that is not a document, `unreadable` for a damaged one and for an encoding
    ///   that is not recognised.
    public static func detect(
        bytes: [UInt8], name: String, declared mediaType: String?, charset: TextEncoding?
    ) throws(ExtractionError) -> Detected {
        let (ending, declared) = (fileExtension(of: name), mediaType.map(essence(of:)) ?? "")
        if let format = try bySignature(bytes, ending) { return Detected(type: format.type, encoding: nil) }
        if let claimed = claimed(ending, declared) {
            if claimed.beginsLate(bytes) { return Detected(type: claimed.type, encoding: nil) }
            throw .unreadable(
                "The file's name says that it is a \(claimed.name), but it does not begin like one.")
        }
        let texts = Format.all.filter(\.isText)
        let named = texts.first { $0.extensions.contains(ending) }
        let encoding = try EncodingRecognition.encoding(of: bytes, stated: charset, mediaType: mediaType)
        if let sample = TextSample(of: bytes, as: encoding, named: named?.type, hasExtension: !ending.isEmpty),
            let format = texts.first(where: { $0.looksLike(sample) })
        {
            return Detected(type: format.type, encoding: encoding)
        }
        let format = named ?? texts.first { $0.mediaTypes.contains(declared) }
        return Detected(type: format?.type ?? .text, encoding: encoding)
    }

    private static func bySignature(_ bytes: [UInt8], _ ending: String) throws(ExtractionError) -> Format? {
        if let format = Format.all.first(where: { $0.begins(bytes, ending) }) { return format }
        if bytes.starts(with: [0x50, 0x4B, 3, 4]) { return try .ofArchive(bytes) }
        if let kind = foreignKind(of: bytes) { throw .unsupported("\(kind) cannot be read.") }
        return nil
    }

    /// The format that the file's extension, but not its bytes, indicates; nil if another media type is declared.
    private static func claimed(_ ending: String, _ declared: String) -> Format? {
        guard let format = Format.all.first(where: { !$0.isText && $0.extensions.contains(ending) }) else { return nil }
        return ["", "application/octet-stream", format.mediaTypes[0]].contains(declared) ? format : nil
    }

    /// The kind of a well-known file that is not a document; nil for others. A text can begin with the letters of a
    /// signature, so the file must also contain bytes that no text contains.
    private static func foreignKind(of bytes: [UInt8]) -> String? {
        guard let kind = foreignSignatures.first(where: { bytes.starts(with: $0.bytes) })?.kind,
            bytes.prefix(signatureReach).contains(where: isControl)
        else { return nil }
        return kind
    }

    /// The size of a byte order mark of UTF-8.
    fileprivate static let byteOrderMark = 3

    /// The number of bytes among which a binary file has some that no text contains.
    fileprivate static let signatureReach = 65_536

    /// Whether a byte occurs in no text, or hardly ever.
    fileprivate static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 && !TextBytes.isSpace(byte) && byte != 0x1B }

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

    /// In lower case, without the dot; empty if there is none.
    private static func fileExtension(of name: String) -> String {
        name.utf8.lastIndex(of: UInt8(ascii: ".")).map { name[name.utf8.index(after: $0)...].lowercasedASCII } ?? ""
    }

    /// A media type without its parameters, in lower case.
    private static func essence(of mediaType: String) -> String {
        mediaType.prefix(beforeAnyOf: "; ").lowercasedASCII
    }
}

extension Format {
    /// Whether the file is of this format by its signature, and by its name or its other bytes.
    fileprivate func begins(_ bytes: [UInt8], _ ending: String) -> Bool {
        guard case .signature(let signature, let reach, let confirms) = recognition,
            bytes.starts(with: signature)
                || reach > 0 && bytes.dropFirst(FormatDetector.byteOrderMark).starts(with: signature)
        else { return false }
        return extensions.contains(ending)
            || bytes.prefix(FormatDetector.signatureReach).contains(where: FormatDetector.isControl) || confirms(bytes)
    }

    /// Whether the signature is behind other data, such as the header lines of a response that somebody saved.
    fileprivate func beginsLate(_ bytes: [UInt8]) -> Bool {
        guard case .signature(let signature, let reach, _) = recognition, reach > 0, let first = signature.first
        else { return false }
        return bytes.indices.prefix(reach).contains {
            bytes[$0] == first && bytes[$0...].starts(with: signature)
        }
    }

    fileprivate func looksLike(_ sample: TextSample) -> Bool {
        guard case .text(let looksLike?) = recognition else { return false }
        return looksLike(sample)
    }
}
