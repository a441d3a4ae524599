import Crypto
import Models
import Wire

/// The uploaded files of the documents of an installation.
struct TransferFiles {
    let place: any BlobPlace
    let database: Database

    /// The bytes of a part.
    private static let partSize = 1 << 20

    init(in directory: String, _ database: Database) {
        place = FileBlobs(directory: FileBlobs.folder(in: directory), reserve: nil)
        self.database = database
    }

    func count() throws -> Int {
        try database.value("SELECT count(DISTINCT sha256) FROM documents", as: Int.self) ?? 0
    }

    /// Calls `body` with every file that a document has, and its size in bytes.
    func each(_ body: (_ sha256: String, _ size: Int64) throws -> Void) throws {
        // By key, so that `body` may run statements.
        var last = ""
        while true {
            let files = try database.all(
                """
                SELECT sha256, max(size) FROM documents WHERE sha256 > \(last)
                GROUP BY sha256 ORDER BY sha256 LIMIT 200
                """
            ) { (sha256: $0.next(String.self), size: $0.next(Int64.self)) }
            guard let end = files.last else { return }
            for file in files { try body(file.sha256, file.size) }
            last = end.sha256
        }
    }

    /// Reads a file by parts. Throws if its bytes are not those that were uploaded.
    func check(_ sha256: String, _ advance: (_ bytes: Int) throws -> Void) throws {
        let size = try size(of: sha256)
        var hash = SHA256()
        for start in stride(from: 0, to: size, by: Self.partSize) {
            let part = try place.read(sha256, range: start..<min(start + Self.partSize, size))
            hash.update(part)
            try advance(part.count)
        }
        guard Hex.encode(hash.finalize()).hasSameBytes(as: sha256) else { throw unusable(sha256) }
    }

    private func size(of sha256: String) throws -> Int {
        try database.value("SELECT size FROM documents WHERE sha256 = \(sha256) LIMIT 1", as: Int.self) ?? 0
    }

    private func unusable(_ sha256: String) -> APIError {
        APIError(.conflict, "The file \(sha256) is damaged. Nothing was moved; restore it or delete its documents")
    }
}
