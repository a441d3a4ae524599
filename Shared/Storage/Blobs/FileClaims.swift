import Glibc
import Models
import Platform
import Wire

/// Locks on single files between the processes of any number of machines, for places other than a folder. They are rows,
/// with an end for those whose process dies.
///
/// Shared ones count the uploads that are about to refer to a file; a removal has an exclusive one. The row of an upload
/// that died is also the only trace of what it stored, so it stays until the file has been removed.
struct FileClaims {
    let database: Database

    /// Longer than an upload takes, and than the removal of a batch, in seconds.
    private static let uploadSeconds = 3600
    private static let removalSeconds = 600
    /// How long an upload waits for a process that is removing the same file, and how often it looks, in milliseconds.
    private static let patience: Int64 = 5000
    private static let tick: UInt32 = 100

    /// Waits for a shared claim. Returns false if another process has an exclusive one for too long.
    func share(_ sha256: String) throws -> Bool {
        let end = Moment.now.adding(milliseconds: Self.patience)
        while true {
            let now = Timestamp.now()
            let isShared = try database.maintain {
                try database.run(
                    """
                    INSERT INTO file_claims (sha256, holders, expires_at) VALUES (\(sha256), 1, \(now + Self.uploadSeconds))
                    ON CONFLICT (sha256) DO UPDATE SET expires_at = excluded.expires_at,
                        holders = CASE WHEN file_claims.holders < 0 THEN 1 ELSE file_claims.holders + 1 END
                    WHERE file_claims.holders >= 0 OR file_claims.expires_at <= \(now)
                    """) > 0
            }
            if isShared || Moment.now >= end { return isShared }
            usleep(Self.tick * 1000)
        }
    }

    /// Ends a shared claim in the write that adds the reference, so that there is always one of them.
    ///
    /// - Throws: 503 if it has lapsed: the file may have been removed.
    func settle(_ sha256: String) throws {
        guard try drop(sha256) else {
            throw APIError(.serviceUnavailable, "The upload took too long", cause: "the claim on \(sha256) has lapsed")
        }
    }

    /// Ends a shared claim whose write failed. If that fails too, it lapses.
    func giveBack(_ sha256: String) { _ = try? database.maintain { try drop(sha256) } }

    private func drop(_ sha256: String) throws -> Bool {
        let isHeld =
            try database.run(
                """
                UPDATE file_claims SET holders = holders - 1
                WHERE sha256 = \(sha256) AND holders > 0 AND expires_at > \(Timestamp.now())
                """) > 0
        try database.run("DELETE FROM file_claims WHERE sha256 = \(sha256) AND holders = 0")
        return isHeld
    }

    /// Runs `body` with those of the files on which an exclusive claim can be had. Returns them.
    func removing(_ files: [String], _ body: ([String]) throws -> Void) throws -> [String] {
        let claimed = try database.maintain {
            let now = Timestamp.now()
            return try files.filter { sha256 in
                try database.run(
                    """
                    INSERT INTO file_claims (sha256, holders, expires_at)
                    VALUES (\(sha256), -1, \(now + Self.removalSeconds))
                    ON CONFLICT (sha256) DO UPDATE SET holders = -1, expires_at = excluded.expires_at
                    WHERE file_claims.holders = 0 OR file_claims.expires_at <= \(now)
                    """) > 0
            }
        }
        defer {
            _ = try? database.maintain {
                for sha256 in claimed {
                    try database.run("DELETE FROM file_claims WHERE sha256 = \(sha256) AND holders = -1")
                }
            }
        }
        try body(claimed)
        return claimed
    }

    /// Makes a job remove the files on which claims lapsed before `time`, unless something refers to them.
    func enqueueLapsed(before time: Timestamp) throws {
        guard try database.exists("SELECT 1 FROM file_claims WHERE expires_at < \(time) LIMIT 1") else { return }
        try database.maintain {
            let jobs = JobStore(database: database)
            let lapsed: [String] = try database.values("SELECT sha256 FROM file_claims WHERE expires_at < \(time)")
            for sha256 in lapsed { try jobs.enqueueRemoval(of: sha256) }
            try database.run("DELETE FROM file_claims WHERE expires_at < \(time)")
        }
    }
}
