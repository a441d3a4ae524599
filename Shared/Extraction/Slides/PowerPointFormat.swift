extension Format {
    static let powerPoint = Format(
        type: .pptx, name: "PowerPoint presentation",
        mediaTypes: ["application/vnd.openxmlformats-officedocument.presentationml.presentation"],
        extensions: ["pptx"],
        recognition: .package(PackageSignature(parts: ["ppt/presentation.xml"], folder: "ppt")),
        extract: { bytes, _ throws(ExtractionError) in try PowerPointExtractor.extract(bytes) })
}
