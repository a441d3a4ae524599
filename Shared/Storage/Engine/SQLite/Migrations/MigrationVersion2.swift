extension Migrations {
    /// Idempotency keys store streams, deliveries are leased, workspaces can be listed by name and update.
    static let version2 = """
        -- NULL for JSON.
        ALTER TABLE idempotency_keys ADD COLUMN content_type TEXT;

        -- Whether somebody sends it, or did until they died; next_attempt_at tells which.
        ALTER TABLE deliveries ADD COLUMN is_leased INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX deliveries_leased ON deliveries (webhook_id) WHERE is_leased = 1;

        CREATE INDEX workspaces_by_name ON workspaces (name_key, id);
        CREATE INDEX workspaces_by_update ON workspaces (updated_at, id);
        """
}
