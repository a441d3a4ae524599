extension Migrations {
    /// What the faults found by attacks and failure tests needed.
    static let version6 = """
        """
}
