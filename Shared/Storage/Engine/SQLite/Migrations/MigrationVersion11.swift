extension Migrations {
    /// Uploaded files that are no files of the installation's folder.
    static let version11 = """
        -- With BLOBS=database: the bytes of uploaded files, 1 MiB a row.
        CREATE TABLE blob_parts (
            sha256 TEXT NOT NULL,
            part INTEGER NOT NULL,
            data BLOB NOT NULL,
            PRIMARY KEY (sha256, part)
        );
        -- Uploads and removals in progress, which keep each other away.
        CREATE TABLE file_claims (
            sha256 TEXT NOT NULL PRIMARY KEY,
            -- How many uploads are about to refer to the file; -1 while it is being removed.
            holders INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        -- What clients may send to a store of objects by themselves. Rows outlive their workspace until their bytes are
        -- removed.
        CREATE TABLE uploads (
            id TEXT NOT NULL PRIMARY KEY,
            workspace_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            size INTEGER NOT NULL,
            sha256 TEXT NOT NULL,
            expires_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX uploads_by_user ON uploads (user_id);
        """
}
