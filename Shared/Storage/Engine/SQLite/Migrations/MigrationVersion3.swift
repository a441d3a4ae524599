extension Migrations {
    /// Passages whose index form differs from their text are indexed again.
    static let version3 = """
        CREATE TEMP TABLE reformed AS SELECT number FROM passages
        WHERE index_form_3(content) <> content OR index_form_3(heading) <> heading;

        INSERT INTO passage_text (passage_text, rowid, scope, heading, content)
        SELECT 'delete', number, substr(workspace_id, 4), coalesce(heading, ''), content
        FROM passages WHERE number IN (SELECT number FROM reformed);

        INSERT INTO passage_text (rowid, scope, heading, content)
        SELECT number, substr(workspace_id, 4), index_form_3(coalesce(heading, '')), index_form_3(content)
        FROM passages WHERE number IN (SELECT number FROM reformed);

        DROP TABLE temp.reformed;
        """
}
