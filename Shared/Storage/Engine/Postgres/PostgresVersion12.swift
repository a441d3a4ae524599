extension PostgresMigrations {
    /// Where passages are in files that have no pages. SQLite's migration 12 has the comments.
    static let version12 = """
        ALTER TABLE passages ADD COLUMN place TEXT COLLATE "C";
        """
}
