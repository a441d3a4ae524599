extension Format {
    static let markdown = Format(
        text: .markdown, mediaTypes: ["text/markdown", "text/x-markdown"],
        extensions: ["md", "markdown", "mdown", "mkd"], extract: MarkdownExtractor.extract)
}
