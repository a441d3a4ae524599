extension Format {
    /// Also the format of any other text.
    static let plainText = Format(
        text: .text, mediaTypes: ["text/plain"], extensions: ["txt", "text", "log"],
        extract: PlainTextExtractor.extract)
}
