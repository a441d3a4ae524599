import Models
import Wire

/// Uploaded files as rows of the database: a backup of the database has everything, and nothing can be lost between the
/// two.
///
/// A file of one part is added by the write that refers to it, in which it changes the row that a removal deletes, so
/// that an engine with several writers repeats one of them. The parts of a larger one go in before, one write each, so
/// that nobody waits long; `FileClaims` keep its removal away.
struct RowBlobs: BlobPlace {
    let database: Database
    var claims: FileClaims { FileClaims(database: database) }

    /// The bytes of a part.
    static let partSize = 1 << 20
    var partSize: Int { Self.partSize }

    let isRemote = false

    let name = BlobLocation.database.kind

    private func isSmall(_ size: Int) -> Bool { size <= Self.partSize }

    // MARK: Adding

    func hold(_ sha256: String, size: Int) throws -> Bool { try isSmall(size) || claims.share(sha256) }

    func release(_ sha256: String, size: Int, isCommitted: Bool) {
        if !isSmall(size), !isCommitted { claims.giveBack(sha256) }
    }

    func put(_ bytes: [UInt8], as sha256: String) throws {
        if isSmall(bytes.count) { return }
        for part in 0..<Self.parts(of: bytes.count) {
            try database.maintain { try put(bytes, part, as: sha256) }
        }
    }

    func conclude(_ bytes: [UInt8], as sha256: String) throws {
        if isSmall(bytes.count) { try put(bytes, 0, as: sha256) } else { try claims.settle(sha256) }
    }

    private func put(_ bytes: [UInt8], _ part: Int, as sha256: String) throws {
        let range = (part * Self.partSize)..<min((part + 1) * Self.partSize, bytes.count)
        try add(Array(bytes[range]), as: part, of: sha256)
    }

    /// Stores one part, of `partSize` bytes unless it is the last.
    func add(_ data: [UInt8], as part: Int, of sha256: String) throws {
        try database.send(
            """
            INSERT INTO blob_parts (sha256, part, data) VALUES (\(sha256), \(part), \(data))
            ON CONFLICT (sha256, part) DO UPDATE SET data = excluded.data
            """)
    }

    private static func parts(of size: Int) -> Int { max(1, (size + partSize - 1) / partSize) }

    // MARK: Reading

    func read(_ sha256: String, range: Range<Int>?) throws -> [UInt8] {
        var bytes: [UInt8] = []
        if let range { bytes.reserveCapacity(range.count) }
        var part = (range?.lowerBound ?? 0) / Self.partSize
        while range.map({ bytes.count < $0.count }) ?? true {
            let start = part * Self.partSize
            let from = max(0, (range?.lowerBound ?? 0) - start)
            let count = min(Self.partSize, (range?.upperBound ?? .max) - start) - from
            let piece: [UInt8]? = try database.value(
                """
                SELECT substr(data, CAST(\(from + 1) AS INTEGER), CAST(\(count) AS INTEGER)) FROM blob_parts
                WHERE sha256 = \(sha256) AND part = \(part)
                """)
            guard let piece, !piece.isEmpty else { break }
            bytes += piece
            part += 1
            // The last part of a file is shorter, unless its size is a multiple.
            if range == nil, piece.count < Self.partSize { break }
        }
        guard range.map({ bytes.count == $0.count }) ?? !bytes.isEmpty else {
            throw APIError(
                .serviceUnavailable, "The file storage cannot be used at the moment",
                cause: "\(bytes.count) bytes of \(sha256) are in the database")
        }
        return bytes
    }

    func url(of sha256: String, for download: DownloadHeaders, bytes: Int) -> String? { nil }

    // MARK: Removing

    func removing(_ files: [String], _ body: ([String]) throws -> Void) throws -> [String] {
        try claims.removing(files, body)
    }

    func remove(_ files: [String]) throws -> [String] {
        try files.filter { sha256 in
            try database.maintain {
                // A small file may have been added since, without a claim.
                if try database.exists("SELECT 1 FROM documents WHERE sha256 = \(sha256)") { return false }
                try database.run("DELETE FROM blob_parts WHERE sha256 = \(sha256)")
                return true
            }
        }
    }

    func removeUnfinished(before time: Timestamp, _ body: ([String]) throws -> Void) throws {
        try claims.enqueueLapsed(before: time)
    }
}
