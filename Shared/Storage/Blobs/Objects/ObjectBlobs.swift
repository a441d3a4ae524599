import Crypto
import Glibc
import Models
import Platform
import Wire

/// Uploaded files as objects in S3 or a compatible store. The key of an object is the hash of its bytes, so storing one
/// twice is harmless.
struct ObjectBlobs: BlobPlace {
    let client: ObjectClient
    let claims: FileClaims

    /// The longest file, which is the longest upload.
    private static let longest = 1 << 30

    let isRemote = true

    var name: String { client.location.name }

    /// The keys of a folder spread over many, as S3 does not need but some stores do.
    static func key(of sha256: String) -> String { "blobs/\(sha256.prefix(2))/\(sha256)" }

    // MARK: Adding

    func hold(_ sha256: String, size: Int) throws -> Bool { try claims.share(sha256) }

    func release(_ sha256: String, size: Int, isCommitted: Bool) { if !isCommitted { claims.giveBack(sha256) } }

    func conclude(_ bytes: [UInt8], as sha256: String) throws { try claims.settle(sha256) }

    func put(_ bytes: [UInt8], as sha256: String) throws {
        let file = try TemporaryFile(bytes)
        try client.put(Self.key(of: sha256), from: file.descriptor, size: bytes.count, sha256: sha256)
    }

    // MARK: Reading

    /// Each part is a request.
    let partSize = 8 << 20

    func read(_ sha256: String, range: Range<Int>?) throws -> [UInt8] {
        try client.get(Self.key(of: sha256), range: range, atMost: Self.longest)
    }

    /// Seconds until a URL for a download ends. It need only last until the download begins.
    private static let downloadSeconds = 300

    func url(of sha256: String, for download: DownloadHeaders, bytes: Int) throws -> String? {
        guard let least = client.location.redirectsFrom, bytes >= least else { return nil }
        return try client.presignedURL(
            "GET", Self.key(of: sha256),
            query: [
                ("response-content-type", download.type), ("response-content-disposition", download.disposition),
                ("response-cache-control", "private"),
            ], validFor: Self.downloadSeconds)
    }

    // MARK: Removing

    func removing(_ files: [String], _ body: ([String]) throws -> Void) throws -> [String] {
        try claims.removing(files, body)
    }

    func remove(_ files: [String]) throws -> [String] {
        try client.remove(files.map(Self.key))
        return files
    }

    func removeUnfinished(before time: Timestamp, _ body: ([String]) throws -> Void) throws {
        try claims.enqueueLapsed(before: time)
    }

    // MARK: Health

    /// Throws unless an empty object can be stored, as an upload would be.
    static func check(_ location: ObjectLocation) throws {
        let file = try TemporaryFile([])
        try ObjectClient(location).put("health", from: file.descriptor, size: 0, sha256: SignatureV4.emptyHash)
    }
}

/// A file without a name, for `curl` to read: in memory, a second copy of an upload would count against its limit.
private final class TemporaryFile {
    let descriptor: Int32

    init(_ bytes: [UInt8]) throws {
        let folder = Environment.value("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        let path = "\(folder)/nexlayer-\(Hex.encode(secureRandomBytes(12)))"
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(folder) }
        unlink(path)
        guard bytes.withUnsafeBufferPointer({ Descriptor.writeAll($0, to: descriptor) }) else {
            close(descriptor)
            throw Self.failure(folder)
        }
    }

    deinit { close(descriptor) }

    private static func failure(_ folder: String) -> APIError {
        ObjectClient.unavailable(cause: "a temporary file in \(folder): errno \(errno)")
    }
}
