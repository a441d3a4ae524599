extension PostgresMigrations {
    /// Uploaded files that are no files of the installation's folder. SQLite's migration 11 has the comments.
    static let version11 = """
        CREATE TABLE blob_parts (
            sha256 TEXT COLLATE "C" NOT NULL,
            part BIGINT NOT NULL,
            data BYTEA NOT NULL,
            PRIMARY KEY (sha256, part)
        );
        -- Bytes of documents are mostly compressed already, and a part of them is read without the rest.
        ALTER TABLE blob_parts ALTER COLUMN data SET STORAGE EXTERNAL;
        CREATE TABLE file_claims (
            sha256 TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            holders BIGINT NOT NULL,
            expires_at BIGINT NOT NULL
        );
        CREATE TABLE uploads (
            id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            workspace_id TEXT COLLATE "C" NOT NULL,
            user_id TEXT COLLATE "C" NOT NULL,
            size BIGINT NOT NULL,
            sha256 TEXT COLLATE "C" NOT NULL,
            expires_at BIGINT NOT NULL
        );
        CREATE INDEX uploads_by_user ON uploads (user_id);
        """
}
