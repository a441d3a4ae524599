extension Migrations {
    /// Documents tell how they were decoded and what is missing from their text; words have other readings. Workspaces
    /// have no temperature until somebody sets one.
    static let version8 = """
        -- An IANA name in lower case; NULL for formats that are not text, and for documents of before this version.
        ALTER TABLE documents ADD COLUMN encoding TEXT;
        -- A JSON object, empty when all is well.
        ALTER TABLE documents ADD COLUMN warnings TEXT NOT NULL DEFAULT '{}';
        -- Other readings of words, which only the index has; NULL if there are none.
        ALTER TABLE passages ADD COLUMN variants TEXT;
        -- Earlier versions stored the default, .7, with every workspace. Quotes within texts are escaped, so this finds
        -- only the setting.
        UPDATE workspaces SET settings = replace(settings, '"temperature":0.7,', '');
        """
}
