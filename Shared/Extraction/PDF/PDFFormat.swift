extension Format {
    /// PDF readers accept up to a kilobyte of other data before the signature. A byte order mark is enough here.
    static let pdf = Format(
        type: .pdf, name: "PDF document", mediaTypes: ["application/pdf"], extensions: ["pdf"],
        recognition: .signature(
            Array("%PDF-".utf8), orAfter: 3,
            confirms: { file in
                file.indices.prefix(65_536).contains { TextBytes.hasPrefix(" obj", in: file, at: $0) }
            }), extract: PDFExtractor.extract)
}
