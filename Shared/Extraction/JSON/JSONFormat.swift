extension Format {
    static let json = Format(
        text: .json, mediaTypes: ["application/json", "text/json"], extensions: ["json"],
        looksLike: { sample in
            (sample.first == UInt8(ascii: "{") || sample.first == UInt8(ascii: "["))
                && JSONScanner.isPlausible(sample.bytes, isWhole: sample.isWhole)
        },
        extract: JSONExtractor.extract)
}
