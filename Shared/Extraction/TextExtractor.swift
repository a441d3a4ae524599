import Models

/// Gets the text out of a document. One file per format does the work.
public enum TextExtractor {
    /// - Throws: `unsupported` for the types that cannot be read yet, `unreadable` when the bytes
    ///   are not a valid document of the type, `busy` when too many documents are being read.
    public static func extract(
        _ bytes: [UInt8], as type: DocumentType, pdf limits: PDFLimits = PDFLimits()
    ) throws(ExtractionError) -> ExtractedText {
        switch type {
        case .text: PlainTextExtractor.extract(TextDecoder.decode(bytes))
        case .markdown: MarkdownExtractor.extract(TextDecoder.decode(bytes))
        case .html: HTMLExtractor.extract(TextDecoder.decode(bytes))
        case .csv: CSVExtractor.extract(TextDecoder.decode(bytes))
        case .json: try JSONExtractor.extract(TextDecoder.decode(bytes))
        case .docx: try WordExtractor.extract(bytes)
        case .pdf: try PDFExtractor.extract(bytes, limits)
        case .xlsx, .pptx, .odt, .epub, .rtf, .eml:
            throw .unsupported("Documents of type \(type.rawValue) cannot be read yet.")
        }
    }
}
