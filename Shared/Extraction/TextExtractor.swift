import Models

/// Reads the text of a document.
public enum TextExtractor {
    /// - Throws: `unsupported` for formats that cannot be read yet, `unreadable` for bytes that are not a valid
    ///   document of the type, `busy` if too many documents are being read.
    ///
    /// - Parameter encoding: that of a text file; if it is nil, the detected one, or else Windows-1252.
    public static func extract(
        _ bytes: [UInt8], as type: DocumentType, in encoding: TextEncoding? = nil, pdf limits: PDFLimits = PDFLimits()
    ) throws(ExtractionError) -> ExtractedText {
        guard let extract = type.format.extract else {
            throw .unsupported("Documents of type \(type.rawValue) cannot be read yet.")
        }
        guard type.format.isText else { return try extract(bytes, limits) }
        let encoding = encoding ?? (try? EncodingRecognition.encoding(of: bytes)) ?? .windows1252
        var text = try extract(TextDecoder.decode(bytes, as: encoding), limits)
        text.encoding = encoding.name
        return text
    }
}
