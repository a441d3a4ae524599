extension Format {
    /// Also the format of text that no other format matches.
    static let plainText = Format(
        text: .text, mediaTypes: ["text/plain"], extensions: ["txt", "text", "log"],
        extract: PlainTextExtractor.extract)
}
