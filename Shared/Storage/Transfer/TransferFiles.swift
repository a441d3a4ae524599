import Crypto
import Models
import Wire

/// The uploaded files of the documents of an installation, which go with it: from its folder into rows of the server's
/// database, or back.
struct TransferFiles {
    let directory: String
    let direction: DatabaseTransfer.Direction
    let source: Database

    private var files: FileBlobs { FileBlobs(directory: FileBlobs.folder(in: directory)) }

    func count() throws -> Int {
        try source.value("SELECT count(DISTINCT sha256) FROM documents", as: Int.self) ?? 0
    }

    /// Calls `body` with every file that a document has, and its size in bytes.
    func each(_ body: (_ sha256: String, _ size: Int) throws -> Void) throws {
        // By key, so that `body` may run statements.
        var last = ""
        while true {
            let files = try source.all(
                """
                SELECT sha256, max(size) FROM documents WHERE sha256 > \(last)
                GROUP BY sha256 ORDER BY sha256 LIMIT 200
                """
            ) { (sha256: $0.next(String.self), size: $0.next(Int.self)) }
            guard let end = files.last else { return }
            for file in files { try body(file.sha256, file.size) }
            last = end.sha256
        }
    }

    /// Copies a file by parts. Throws if its bytes are not those that were uploaded.
    func copy(_ sha256: String, size: Int, to target: Database, _ advance: (_ bytes: Int) throws -> Void) throws {
        var (hash, bytes) = (SHA256(), [UInt8]())
        for start in stride(from: 0, to: size, by: RowBlobs.partSize) {
            let range = start..<min(start + RowBlobs.partSize, size)
            let part: [UInt8]
            switch direction {
            case .to:
                part = try files.read(sha256, range: range)
                try RowBlobs(database: target).add(part, as: start / RowBlobs.partSize, of: sha256)
            case .from:
                part = try RowBlobs(database: source).read(sha256, range: range)
                bytes += part
            }
            hash.update(part)
            try advance(part.count)
        }
        guard Hex.encode(hash.finalize()).hasSameBytes(as: sha256) else {
            throw APIError(
                .conflict, "The file \(sha256) is damaged. Nothing was moved; restore it or delete its documents")
        }
        // Harmless if the transfer fails: nothing refers to it.
        if case .from = direction { try files.put(bytes, as: sha256) }
    }
}
