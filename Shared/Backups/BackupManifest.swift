import Crypto
import Models
import Wire

/// The contents of a backup. It is written last: without a manifest, there is no backup.
public struct BackupManifest: Sendable {
    public struct File: Sendable {
        public var path: String
        public var size: Int64
        /// In hexadecimal.
        public var sha256: String

        var contents: BackupFiles.Contents { BackupFiles.Contents(size: size, sha256: sha256) }
    }

    public static let name = "manifest.json"
    static let database = "nexlayer.db"
    /// The version of the manifest's format.
    private static let format = 1

    /// The version of the program that made the backup.
    public var version: String
    /// The id of the backed-up installation; nil in backups of earlier versions.
    public var installation: String?
    /// The version of the database's schema.
    public var schemaVersion: Int
    /// The time of the snapshot.
    public var createdAt: Timestamp
    public var documents: Int
    /// Where uploaded files are that are not in the backup: `database`, or a store of objects; nil if they are.
    public var place: String?
    /// All files except the manifest: first the database, then the uploaded files in order.
    public var files: [File]

    public var bytes: Int64 { files.reduce(0) { $0 + $1.size } }

    /// The path of an uploaded file, in an installation and in a backup.
    static func path(of sha256: String) -> String { "blobs/\(sha256.prefix(2))/\(sha256)" }

    /// Whether a backup may contain this path. No other path is ever read or written.
    static func isPath(_ path: String) -> Bool {
        if path == database { return true }
        let bytes = Array(path.utf8)
        guard bytes.count == 73, path.starts(withBytes: "blobs/"), bytes[8] == UInt8(ascii: "/"),
            bytes[6...7] == bytes[9...10]
        else { return false }
        return isHash(bytes[9...])
    }

    private static func isHash(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.count == 64 && bytes.allSatisfy { ASCII.isDigit($0) || (0x61...0x66).contains($0) }
    }

    // MARK: Text

    var text: ByteBuffer {
        var writer = JSONWriter()
        writer.object { manifest in
            manifest.key("format")
            manifest.value(Self.format)
            manifest.key("version")
            manifest.value(version)
            if let installation {
                manifest.key("installation")
                manifest.value(installation)
            }
            if let place {
                manifest.key("place")
                manifest.value(place)
            }
            manifest.key("schemaVersion")
            manifest.value(schemaVersion)
            manifest.key("createdAt")
            manifest.value(createdAt)
            manifest.key("documents")
            manifest.value(documents)
            manifest.key("files")
            manifest.array { list in
                for file in files {
                    list.object { entry in
                        entry.key("path")
                        entry.value(file.path)
                        entry.key("size")
                        entry.value(file.size)
                        entry.key("sha256")
                        entry.value(file.sha256)
                    }
                }
            }
        }
        writer.buffer.append(UInt8(ascii: "\n"))
        return writer.buffer
    }

    /// Parses a manifest.
    ///
    /// - Parameter path: its origin, for errors.
    init(_ bytes: [UInt8], at path: String) throws {
        var (format, schema, documents, version) = (0, -1, -1, "")
        var installation: String?
        var place: String?
        var createdAt: Timestamp?
        var files: [File] = []
        do throws(JSONError) {
            try bytes.withUnsafeBufferPointer { bytes throws(JSONError) in
                var reader = JSONReader(bytes)
                try reader.readObject { (reader, key) throws(JSONError) in
                    guard key == "files" else {
                        let value = try reader.readValue()
                        switch key {
                        case "format": format = value.int ?? 0
                        case "schemaVersion": schema = value.int ?? -1
                        case "documents": documents = value.int ?? -1
                        case "version": version = value.string ?? ""
                        case "installation": installation = value.string
                        case "place": place = value.string
                        case "createdAt": createdAt = value.string.flatMap { Timestamp($0) }
                        default: break
                        }
                        return
                    }
                    try reader.readArray { (reader) throws(JSONError) in
                        let entry = try reader.readValue()
                        files.append(
                            File(
                                path: entry["path"]?.string ?? "", size: Int64(entry["size"]?.int ?? -1),
                                sha256: entry["sha256"]?.string ?? ""))
                    }
                }
                try reader.finish()
            }
        } catch {
            throw APIError(.conflict, "\(path) is damaged: \(error)")
        }
        guard format == Self.format else {
            throw APIError(
                .conflict, "\(path) has format \(format), but this program reads format \(Self.format)")
        }
        // The name of an uploaded file is its SHA-256.
        let areSound = files.allSatisfy {
            Self.isPath($0.path) && $0.size >= 0 && Self.isHash($0.sha256.utf8)
                && ($0.path == Self.database || $0.path == Self.path(of: $0.sha256))
        }
        guard let createdAt, schema >= 0, documents >= 0, areSound, files.first?.path == Self.database else {
            throw APIError(.conflict, "\(path) is damaged: it is not a backup manifest")
        }
        self.init(
            version: version, installation: installation, schemaVersion: schema, createdAt: createdAt,
            documents: documents, place: place, files: files)
    }

    init(
        version: String, installation: String?, schemaVersion: Int, createdAt: Timestamp, documents: Int,
        place: String?, files: [File]
    ) {
        self.version = version
        self.installation = installation
        self.schemaVersion = schemaVersion
        self.createdAt = createdAt
        self.documents = documents
        self.place = place
        self.files = files
    }

    /// Reads the manifest of a backup folder; nil if there is none.
    static func find(in folder: String) throws -> BackupManifest? {
        let path = "\(folder)/\(name)"
        guard BackupFiles.exists(path) else { return nil }
        return try BackupManifest(try BackupFiles.readWhole(path), at: path)
    }
}
