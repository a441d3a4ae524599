import Models

/// Reads the text of a document.
public enum TextExtractor {
    /// - Throws: `unsupported` for formats that cannot be read yet, `unreadable` for bytes that are not a valid
    ///   document of the type, `busy` if too many documents are being read.
    public static func extract(
        _ bytes: [UInt8], as type: DocumentType, pdf limits: PDFLimits = PDFLimits()
    ) throws(ExtractionError) -> ExtractedText {
        guard let extract = type.format.extract else {
            throw .unsupported("Documents of type \(type.rawValue) cannot be read yet.")
        }
        return try extract(bytes, limits)
    }
}
