import Storage

extension Configuration.Reader {
    /// `DATABASE_URL` and `DATABASE_DIRECT_URL`. Nil if the database is a file in `DATA_DIR`.
    func databaseServer() throws(Configuration.Problem) -> DatabaseServer? {
        let direct = text("DATABASE_DIRECT_URL")
        guard let url = text("DATABASE_URL") else {
            if direct == nil { return nil }
            throw Configuration.Problem(description: "DATABASE_DIRECT_URL needs DATABASE_URL")
        }
        if text("BACKUP_EVERY") != nil {
            throw Configuration.Problem(
                description: "BACKUP_EVERY cannot be used with DATABASE_URL; back up the server with pg_dump")
        }
        do throws(DatabaseServer.Problem) {
            return try DatabaseServer(url: url, direct: direct, environment: environment)
        } catch {
            throw Configuration.Problem(description: error.description)
        }
    }

    /// `DATABASE_IDLE`. Nil without a server, and for 0.
    func databaseIdle(_ server: DatabaseServer?) throws(Configuration.Problem) -> Int? {
        let seconds = try number("DATABASE_IDLE", "seconds", 0...86_400) ?? 60
        return server == nil || seconds == 0 ? nil : seconds
    }

    /// Whether rate limits are counted in the database, for all machines together.
    func sharesLimits(_ server: DatabaseServer?) throws(Configuration.Problem) -> Bool {
        let isShared = try word("RATE_LIMITS", ["machine": false, "shared": true])
        if isShared == true, server == nil {
            throw Configuration.Problem(description: "RATE_LIMITS=shared needs DATABASE_URL")
        }
        return isShared ?? (server != nil)
    }
}

extension Configuration {
    /// Lets nothing wait longer for a database server than that, in milliseconds.
    mutating func limitDatabaseServer(to milliseconds: Int) {
        guard databaseServer != nil else { return }
        databaseServer?.limitConnecting(to: milliseconds)
        databaseTimeout = min(databaseTimeout, milliseconds)
    }
}
