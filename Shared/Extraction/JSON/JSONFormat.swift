extension Format {
    /// JSON, and files of JSON values, such as JSON Lines.
    static let json = Format(
        text: .json,
        mediaTypes: [
            "application/json", "text/json", "application/jsonl", "application/x-jsonlines", "application/jsonlines",
            "application/x-ndjson", "application/ndjson", "application/json-seq", "application/json5",
        ],
        extensions: ["json", "jsonl", "ndjson", "jsonc", "json5"],
        looksLike: { sample in
            (sample.first == UInt8(ascii: "{") || sample.first == UInt8(ascii: "["))
                && JSONScanner.isPlausible(sample.bytes, isWhole: sample.isWhole)
        },
        extract: JSONExtractor.extract)
}
