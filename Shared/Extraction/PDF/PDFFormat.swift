extension Format {
    /// PDF readers accept up to a kilobyte of other data before the signature. So does this one if the file is named as
    /// PDF; otherwise it may be an archive that contains one.
    static let pdf = Format(
        type: .pdf, name: "PDF document", mediaTypes: ["application/pdf"], extensions: ["pdf"],
        recognition: .signature(
            Array("%PDF-".utf8), within: 1_024,
            confirms: { file in
                file.indices.prefix(65_536).contains { TextBytes.hasPrefix(" obj", in: file, at: $0) }
            }), extract: PDFExtractor.extract)
}
