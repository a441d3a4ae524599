import Models

/// A document format: how it is recognised, and how its text is read.
///
/// Each format is a value of this type, in the folder of its reader. `FormatList.swift` lists them.
struct Format: Sendable {
    let type: DocumentType
    /// Its name in the error for a file with its extension but not its signature: `PDF document`.
    let name: String
    /// The media types that a sender may declare, in lower case and without parameters. The first is the one registered
    /// with IANA, which the API returns.
    let mediaTypes: [String]
    /// In lower case, without the dot.
    let extensions: [String]
    let recognition: Recognition
    /// Takes a text file as UTF-8, and others as they are. Nil for a format that cannot be read yet.
    let extract: Extractor?

    typealias Extractor = @Sendable ([UInt8], PDFLimits) throws(ExtractionError) -> ExtractedText

    enum Recognition: Sendable {
        /// By the first bytes. If `within` is not 0, a byte order mark may come before them, and in a file with the
        /// extension anything else, so that the signature begins within this many bytes. Another file with the extension
        /// is damaged. A signature of letters could also begin a text about the format, so `confirms` looks at files that
        /// have another name and only bytes of text.
        case signature([UInt8], within: Int = 0, confirms: @Sendable (_ file: [UInt8]) -> Bool)
        /// By the contents of a ZIP archive.
        case package(PackageSignature)
        /// Text: by its appearance, or else by its extension or declared media type. Any text can have such a format.
        /// The closure is nil for formats without a typical appearance.
        case text(looksLike: (@Sendable (TextSample) -> Bool)?)
    }

    var isText: Bool {
        if case .text = recognition { true } else { false }
    }
}

extension Format {
    /// A text format. `extract` receives the text as UTF-8, whatever the file's encoding.
    init(
        text type: DocumentType, mediaTypes: [String], extensions: [String],
        looksLike: (@Sendable (TextSample) -> Bool)? = nil,
        extract: @escaping @Sendable ([UInt8]) throws(ExtractionError) -> ExtractedText
    ) {
        self.init(
            type: type, name: type.rawValue, mediaTypes: mediaTypes, extensions: extensions,
            recognition: .text(looksLike: looksLike),
            extract: { bytes, _ throws(ExtractionError) in try extract(bytes) })
    }

    /// A format of the API's contract that cannot be read yet.
    init(unread type: DocumentType, mediaType: String, extensions: [String] = [], recognition: Recognition) {
        self.init(
            type: type, name: type.rawValue, mediaTypes: [mediaType], extensions: extensions,
            recognition: recognition, extract: nil)
    }
}
