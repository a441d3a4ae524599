extension Format {
    /// Readers accept up to a kilobyte of noise in front of the signature; a byte order mark is enough here.
    static let pdf = Format(
        type: .pdf, name: "PDF document", mediaTypes: ["application/pdf"], extensions: ["pdf"],
        recognition: .signature(Array("%PDF-".utf8), orAfter: 3), extract: PDFExtractor.extract)
}
