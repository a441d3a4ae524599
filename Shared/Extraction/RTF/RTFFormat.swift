extension Format {
    static let richText = Format(
        type: .rtf, name: "RTF document", mediaTypes: ["application/rtf", "text/rtf"], extensions: ["rtf"],
        recognition: .signature(
            Array("{\\rtf".utf8),
            confirms: { file in file.last { !TextBytes.isSpace($0) && $0 != 0 } == UInt8(ascii: "}") }),
        extract: { bytes, _ throws(ExtractionError) in try RTFReader.read(bytes) })
}
