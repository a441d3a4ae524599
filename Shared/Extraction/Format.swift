import Models

/// A document format: how it is recognised, and how its text is read.
///
/// Each format is one value of this type, in the folder of its reader. `FormatList.swift` lists them.
struct Format: Sendable {
    let type: DocumentType
    /// As the message for a file that does not begin as its name says: `PDF document`.
    let name: String
    /// The media types that a sender may declare, in lower case without parameters. The first is the one registered
    /// with IANA, which the API shows.
    let mediaTypes: [String]
    /// In lower case, without the dot.
    let extensions: [String]
    let recognition: Recognition
    /// Nil for a format that cannot be read yet.
    let extract: Extractor?

    typealias Extractor = @Sendable ([UInt8], PDFLimits) throws(ExtractionError) -> ExtractedText

    enum Recognition: Sendable {
        /// By the first bytes, or by those behind a mark of `orAfter` bytes. A file that is named so and begins
        /// otherwise is damaged.
        case signature([UInt8], orAfter: Int = 0)
        /// By the content of a ZIP archive.
        case package(PackageSignature)
        /// Text, which any text can pass for: by what it looks like, else by its name or what the sender declared.
        /// A nil closure is for formats that look like nothing in particular.
        case text(looksLike: (@Sendable (TextSample) -> Bool)?)
    }

    var isText: Bool {
        if case .text = recognition { true } else { false }
    }
}

extension Format {
    /// A format of plain text. `extract` takes the text as UTF-8, whatever the file's encoding is.
    init(
        text type: DocumentType, mediaTypes: [String], extensions: [String],
        looksLike: (@Sendable (TextSample) -> Bool)? = nil,
        extract: @escaping @Sendable ([UInt8]) throws(ExtractionError) -> ExtractedText
    ) {
        self.init(
            type: type, name: type.rawValue, mediaTypes: mediaTypes, extensions: extensions,
            recognition: .text(looksLike: looksLike),
            extract: { bytes, _ throws(ExtractionError) in try extract(TextDecoder.decode(bytes)) })
    }

    /// A format that the API's contract names and that cannot be read yet.
    init(unread type: DocumentType, mediaType: String, extensions: [String] = [], recognition: Recognition) {
        self.init(
            type: type, name: type.rawValue, mediaTypes: [mediaType], extensions: extensions,
            recognition: recognition, extract: nil)
    }
}
