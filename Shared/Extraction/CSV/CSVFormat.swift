extension Format {
    /// Delimited tables.
    static let csv = Format(
        text: .csv,
        mediaTypes: [
            "text/csv", "application/csv", "text/tab-separated-values", "text/x-csv", "text/comma-separated-values",
        ],
        extensions: ["csv", "tsv", "tab", "psv"], extract: CSVExtractor.extract)
}
