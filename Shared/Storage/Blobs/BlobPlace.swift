import Models
import Wire

/// A place for the bytes of uploaded files: `FileBlobs`. `BlobStore` decides what is stored and removed; a place does it,
/// and keeps the processes apart that add and remove the same file.
protocol BlobPlace {
    /// Throws 503 if there is no room for a file of that size.
    func requireRoom(for size: Int) throws

    // MARK: Adding

    /// Keeps others from removing a file until `release`. Returns false if another process is removing it for too long.
    func hold(_ sha256: String) throws -> Bool
    /// Stores a file completely, before the write that refers to it. Harmless if it is stored already.
    func put(_ bytes: [UInt8], as sha256: String) throws
    /// Runs first in the write that adds the reference.
    func conclude(_ sha256: String) throws
    /// Ends `hold` after that write.
    func release(_ sha256: String, isCommitted: Bool)

    // MARK: Reading

    /// The bytes of a file, or of a range, which must lie within it.
    func read(_ sha256: String, range: Range<Int>?) throws -> [UInt8]
    func exists(_ sha256: String) throws -> Bool

    // MARK: Removing

    /// Runs `body` with those of the files that no process holds, and keeps others from holding these meanwhile.
    ///
    /// - Returns: these files; none while a backup copies files.
    func removing(_ files: [String], _ body: ([String]) throws -> Void) throws -> [String]
    /// Removes a file, within `removing`. Harmless if it does not exist.
    func remove(_ sha256: String) throws
    /// Removes what uploads killed before `time` left of incomplete files, and passes on, in groups, the complete files
    /// that were stored before it.
    ///
    /// - Parameter body: removes those of the files that nothing refers to.
    func eachStored(before time: Timestamp, _ body: ([String]) throws -> Void) throws
}
