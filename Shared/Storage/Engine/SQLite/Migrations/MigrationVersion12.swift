extension Migrations {
    /// Where passages are in files that have no pages.
    static let version12 = """
        -- Slide, sheet, row, chapter, message, line and the path of headings, as JSON; NULL if there are none.
        ALTER TABLE passages ADD COLUMN place TEXT;
        """
}
