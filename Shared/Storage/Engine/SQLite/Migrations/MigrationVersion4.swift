extension Migrations {
    /// Passages outlive their documents until they are purged in batches.
    static let version4 = """
        -- Takes the reference to documents out of the definition: what is stored stays as it is, so that
        -- the passages need not be copied. https://www.sqlite.org/lang_altertable.html section 7
        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = replace(sql, ' REFERENCES documents (id) ON DELETE CASCADE', '')
        WHERE type = 'table' AND name = 'passages';
        PRAGMA writable_schema = RESET;

        -- Documents of which there are passages that nobody may find.
        CREATE TABLE unlisted_documents (
            document_id TEXT NOT NULL PRIMARY KEY,
            workspace_id TEXT NOT NULL,
            -- Until when whoever adds it must have gone on; NULL when it is gone, and its passages are to
            -- be forgotten.
            expires_at INTEGER
        ) WITHOUT ROWID;
        CREATE INDEX unlisted_documents_by_workspace ON unlisted_documents (workspace_id);
        """
}
