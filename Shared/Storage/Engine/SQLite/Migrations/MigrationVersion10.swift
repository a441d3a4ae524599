extension Migrations {
    /// Vectors of passages, which jobs make, for search by meaning. And segments of another form: those of before cannot
    /// be read, so jobs remove them and index all documents again. Search finds each as soon as that is done.
    static let version10 = """
        -- The vectors of a workspace that one model made.
        CREATE TABLE vector_sets (
            workspace_id TEXT NOT NULL,
            -- Ascending, and never used twice in a workspace.
            number INTEGER NOT NULL,
            model TEXT NOT NULL,
            dimensions INTEGER NOT NULL,
            -- Searches use the complete one or, if there is none, the one being built.
            state TEXT NOT NULL CHECK (state IN ('building', 'complete', 'dropped')),
            -- What all texts have in common: 4 bytes a dimension.
            centre BLOB NOT NULL,
            PRIMARY KEY (workspace_id, number)
        );
        -- What every search reads: one bit a dimension.
        CREATE TABLE vector_pages (
            id INTEGER PRIMARY KEY,
            workspace_id TEXT NOT NULL,
            set_number INTEGER NOT NULL,
            vectors INTEGER NOT NULL,
            -- How many of them are of removed documents.
            removed INTEGER NOT NULL,
            -- Which passages they are of, and which begin a passage: a bit for each.
            runs BLOB NOT NULL,
            starts BLOB NOT NULL,
            bits BLOB NOT NULL
        );
        CREATE INDEX vector_pages_by_set ON vector_pages (workspace_id, set_number);
        -- What a search reads of its candidates: eight bits a dimension, a few vectors a row. Their numbers follow from
        -- those of the page.
        CREATE TABLE vector_values (
            id INTEGER PRIMARY KEY,
            data BLOB NOT NULL
        );
        -- The pages that have vectors of a document.
        CREATE TABLE vector_documents (
            document_id TEXT NOT NULL,
            page INTEGER NOT NULL,
            PRIMARY KEY (document_id, page)
        ) WITHOUT ROWID;
        CREATE INDEX vector_documents_by_page ON vector_documents (page);

        -- The set that has vectors of all passages, or could not get them for the reason below.
        ALTER TABLE documents ADD COLUMN embedded_in INTEGER NOT NULL DEFAULT 0;
        -- The set that has vectors of the first passages, and of how many.
        ALTER TABLE documents ADD COLUMN embedding_set INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE documents ADD COLUMN embedding_done INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE documents ADD COLUMN embedding_error TEXT;
        CREATE INDEX documents_to_embed ON documents (workspace_id, embedded_in, id, chunk_count)
            WHERE status = 'processed';

        -- Merge jobs remove what has a level below 0, a little at a time.
        UPDATE index_segments SET level = -1;
        UPDATE documents SET index_from = NULL;
        INSERT INTO jobs (kind, subject, queue, due_at)
        SELECT DISTINCT 'merge', workspace_id, workspace_id, 0 FROM index_segments WHERE TRUE
        ON CONFLICT (kind, subject) DO NOTHING;
        INSERT INTO jobs (kind, subject, queue, due_at)
        SELECT 'index', id, workspace_id, 0 FROM documents WHERE status = 'processed'
        ON CONFLICT (kind, subject) DO NOTHING;
        """
}
