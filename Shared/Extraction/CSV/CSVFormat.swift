extension Format {
    static let csv = Format(
        text: .csv, mediaTypes: ["text/csv", "application/csv", "text/tab-separated-values"],
        extensions: ["csv", "tsv"],
        extract: CSVExtractor.extract)
}
