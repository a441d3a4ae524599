extension Migrations {
    /// Names are compared in composed form. ASCII keys already have it.
    static let version5 = """
        UPDATE users SET search_key = search_key_5(search_key) WHERE search_key GLOB '*[^\u{1}-~]*';
        UPDATE workspaces SET search_key = search_key_5(search_key) WHERE search_key GLOB '*[^\u{1}-~]*';
        UPDATE workspaces SET name_key = search_key_5(name_key) WHERE name_key GLOB '*[^\u{1}-~]*';
        UPDATE documents SET search_key = search_key_5(search_key) WHERE search_key GLOB '*[^\u{1}-~]*';
        UPDATE conversations SET search_key = search_key_5(search_key) WHERE search_key GLOB '*[^\u{1}-~]*';
        """
}
