import Models
import Wire

/// A place for the bytes of uploaded files: `FileBlobs`, `RowBlobs` or `ObjectBlobs`. `BlobStore` decides what is stored
/// and removed; a place does it, and keeps the processes apart that add and remove the same file.
protocol BlobPlace {
    /// Differs where the places differ.
    var name: String { get }
    /// Whether requests should leave removing files to jobs.
    var isRemote: Bool { get }

    // MARK: Adding

    /// Keeps others from removing a file until `release`. Returns false if another process is removing it for too long.
    func hold(_ sha256: String, size: Int) throws -> Bool
    /// Stores a file before the write that refers to it. Harmless if it is stored already.
    func put(_ bytes: [UInt8], as sha256: String) throws
    /// Runs first in the write that adds the reference, after which the file is complete.
    func conclude(_ bytes: [UInt8], as sha256: String) throws
    /// Ends `hold` after that write.
    func release(_ sha256: String, size: Int, isCommitted: Bool)

    // MARK: Reading

    /// How many bytes of a file are best read at once, from a multiple of it.
    var partSize: Int { get }
    /// The bytes of a file, or of a range, which must lie within it and not be empty.
    func read(_ sha256: String, range: Range<Int>?) throws -> [UInt8]
    /// A URL from which a client can read a file by itself; nil if it cannot, or should not for so few bytes.
    func url(of sha256: String, for download: DownloadHeaders, bytes: Int) throws -> String?

    // MARK: Removing

    /// Runs `body` with those of the files that no process holds, and keeps others from holding these meanwhile.
    ///
    /// - Returns: these files; none while a backup copies files.
    func removing(_ files: [String], _ body: ([String]) throws -> Void) throws -> [String]
    /// Removes files, within `removing`. Harmless for one that does not exist. Returns those that are gone.
    func remove(_ files: [String]) throws -> [String]
    /// Removes what uploads killed before `time` left behind, at once or by a job. Files that may be referred to are passed
    /// to `body`, which removes those that are not.
    func removeUnfinished(before time: Timestamp, _ body: ([String]) throws -> Void) throws
}

/// How a file is described to who downloads it.
public struct DownloadHeaders {
    /// The values of `Content-Type` and `Content-Disposition`.
    public var type: String
    public var disposition: String

    public init(type: String, disposition: String) { (self.type, self.disposition) = (type, disposition) }
}
