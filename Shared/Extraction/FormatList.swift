import Models

extension DocumentType {
    /// Every type has a format. A new type needs a line here; the compiler enforces it.
    var format: Format {
        switch self {
        case .pdf: .pdf
        case .docx: .word
        case .html: .html
        case .markdown: .markdown
        case .text: .plainText
        case .csv: .csv
        case .json: .json
        case .xlsx: .xlsx
        case .pptx: .powerPoint
        case .odt: .openDocumentText
        case .odp: .openDocumentPresentation
        case .epub: .epub
        case .rtf: .richText
        case .eml: .eml
        }
    }

    /// The media type registered with IANA, without parameters.
    public var mimeType: String { format.mediaTypes[0] }
}

extension Format {
    /// All formats, in the order in which they are tried.
    static let all = DocumentType.allCases.map(\.format)
}
