import Crypto
import Models
import Wire

/// The uploaded files of an installation that is moved. They move if the target keeps them elsewhere, and with a database
/// that has them as rows.
struct TransferFiles {
    private let source: any BlobPlace
    private let target: any BlobPlace
    private let database: Database
    private let isMoving: Bool

    /// - Parameter location: where the target keeps files.
    /// - Throws: 409 if the source's files are in a store of objects that `location` does not name.
    init(in directory: String, from source: Database, to target: Database, _ location: BlobLocation) throws {
        func place(_ location: BlobLocation, _ database: Database) -> any BlobPlace {
            switch location {
            case .files: FileBlobs(directory: FileBlobs.folder(in: directory))
            case .database: RowBlobs(database: database)
            case .objects(let objects):
                ObjectBlobs(client: ObjectClient(objects), claims: FileClaims(database: database))
            }
        }
        self.target = place(location, target)
        let known = try SettingStore(database: source).value(BlobStore.placeSetting) ?? BlobLocation.files.kind
        if known.hasSameBytes(as: BlobLocation.files.kind) {
            self.source = place(.files, source)
        } else if known.hasSameBytes(as: BlobLocation.database.kind) {
            self.source = place(.database, source)
        } else if known.hasSameBytes(as: self.target.name) {
            self.source = self.target
        } else {
            throw APIError(.conflict, "The uploaded files are in \(known), and BLOBS must name that. Nothing was moved")
        }
        database = target
        isMoving =
            !known.hasSameBytes(as: self.target.name) || known.hasSameBytes(as: BlobLocation.database.kind)
    }

    static func count(of database: Database) throws -> Int {
        try database.value("SELECT count(DISTINCT sha256) FROM documents", as: Int.self) ?? 0
    }

    /// Calls `body` with every file that a document has, and its size in bytes.
    static func each(of database: Database, _ body: (_ sha256: String, _ size: Int64) throws -> Void) throws {
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

    /// Copies a file by parts, if it moves, and reads the copy. Throws if its bytes are not those that were uploaded. A
    /// store of objects has checked them.
    func copy(_ sha256: String, size: Int, _ advance: (_ bytes: Int) throws -> Void) throws {
        if isMoving {
            // A file, or an object, is stored as a whole.
            var whole: [UInt8] = []
            try eachPart(of: sha256, size, in: source) { number, part in
                if let rows = target as? RowBlobs { try rows.add(part, as: number, of: sha256) } else { whole += part }
                try advance(part.count)
            }
            if !(target is RowBlobs) { try target.put(whole, as: sha256) }
        } else if target.isRemote {
            return
        }
        var hash = SHA256()
        try eachPart(of: sha256, size, in: target) { _, part in
            hash.update(part)
            try advance(isMoving ? 0 : part.count)
        }
        guard Hex.encode(hash.finalize()).hasSameBytes(as: sha256) else {
            throw APIError(
                .conflict, "The file \(sha256) is damaged. Restore it or delete its documents. Nothing was moved")
        }
    }

    private func eachPart(
        of sha256: String, _ size: Int, in place: any BlobPlace, _ body: (Int, [UInt8]) throws -> Void
    ) throws {
        for (number, start) in stride(from: 0, to: size, by: RowBlobs.partSize).enumerated() {
            try body(number, try place.read(sha256, range: start..<min(start + RowBlobs.partSize, size)))
        }
    }

    /// Records where the files are. Without a record, they are in the folder.
    func recordPlace() throws {
        if target.name.hasSameBytes(as: BlobLocation.files.kind) { return }
        try SettingStore(database: database).set(BlobStore.placeSetting, to: target.name)
    }
}
