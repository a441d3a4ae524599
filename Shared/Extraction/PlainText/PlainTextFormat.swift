extension Format {
    /// Also what any other text is read as.
    static let plainText = Format(
        text: .text, mediaTypes: ["text/plain"], extensions: ["txt", "text", "log"],
        extract: PlainTextExtractor.extract)
}
