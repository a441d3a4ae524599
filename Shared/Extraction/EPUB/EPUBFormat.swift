extension Format {
    static let epub = Format(
        type: .epub, name: "EPUB book", mediaTypes: ["application/epub+zip"], extensions: ["epub"],
        recognition: .package(
            PackageSignature(mediaType: "application/epub+zip", parts: ["META-INF/container.xml"])),
        extract: { bytes, _ throws(ExtractionError) in try EPUBExtractor.extract(bytes) })
}
