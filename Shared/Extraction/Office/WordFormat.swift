extension Format {
    static let word = Format(
        type: .docx, name: "Word document",
        mediaTypes: ["application/vnd.openxmlformats-officedocument.wordprocessingml.document"], extensions: ["docx"],
        recognition: .package(PackageSignature(parts: ["word/document.xml"], folder: "word")),
        extract: { bytes, _ throws(ExtractionError) in try WordExtractor.extract(bytes) })
}
