extension Format {
    static let openDocumentText = Format(
        type: .odt, name: "OpenDocument text", mediaTypes: ["application/vnd.oasis.opendocument.text"],
        extensions: ["odt"],
        recognition: .package(PackageSignature(mediaType: "application/vnd.oasis.opendocument.text")),
        extract: { bytes, _ throws(ExtractionError) in try OpenDocumentExtractor.text(of: bytes) })

    static let openDocumentPresentation = Format(
        type: .odp, name: "OpenDocument presentation",
        mediaTypes: ["application/vnd.oasis.opendocument.presentation"], extensions: ["odp"],
        recognition: .package(PackageSignature(mediaType: "application/vnd.oasis.opendocument.presentation")),
        extract: { bytes, _ throws(ExtractionError) in try OpenDocumentExtractor.slides(of: bytes) })
}
