extension Migrations {
    /// What the faults found by attacks and failure tests needed.
    static let version6 = """
        -- Addresses that look the same are one account. Where there are several already, the key is that of the one
        -- that is spelled so, or else of the first; the others keep theirs, which nobody can register any more.
        UPDATE users SET email_key = address_key(email_key)
        WHERE email_key GLOB '*[^\u{1}-~]*'
            AND id IN (SELECT min(id) FROM users GROUP BY address_key(email_key))
            AND NOT EXISTS (SELECT 1 FROM users other WHERE other.email_key = address_key(users.email_key));
        """
}
