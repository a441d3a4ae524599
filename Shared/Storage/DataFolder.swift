import Glibc
import Models

/// The folder of an installation: `nexlayer.db` with its write-ahead log, `blobs/`, and files of locks.
///
/// A folder that goes away (a volume that is not mounted, a restore that is under way) must not be taken for a new
/// installation: the first stranger to register would be its administrator. So a marker says that an installation was
/// begun here. It is beside the folder (`.data.installation` beside `data`), where it outlives what is mounted there.
struct DataFolder {
    let path: String

    var database: String { "\(path)/nexlayer.db" }
    var writeQueue: String { "\(path)/write.lock" }
    var claims: String { "\(path)/claims.lock" }

    private var markers: [String] {
        let trimmed = path.utf8.last == UInt8(ascii: "/") ? String(path.dropLast()) : path
        let bytes = Array(trimmed.utf8)
        let slash = bytes.lastIndex(of: UInt8(ascii: "/"))
        let parent = slash.map { String(decoding: bytes[...$0], as: UTF8.self) } ?? ""
        let name = String(decoding: bytes[(slash.map { $0 + 1 } ?? 0)...], as: UTF8.self)
        // Within the folder where its parent cannot be written to: it still tells a lost database.
        let inside = "\(path)/installation"
        return name.isEmpty || name == "." || name == ".." ? [inside] : ["\(parent).\(name).installation", inside]
    }

    /// Makes the folder where needed. True when a new installation may begin in it. Throws 503 when the one that was
    /// here is gone.
    func prepare() throws -> Bool {
        // NB: the marker is looked for first. It is made after the database, so that where it is, the database was.
        let wasHere = markers.contains { access($0, F_OK) == 0 }
        if wasHere {
            guard access(database, F_OK) == 0 else {
                throw Self.isGone(cause: "\(database) is missing; \(markers[0]) says that an installation was here")
            }
            return false
        }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw APIError(.serviceUnavailable, "The data folder cannot be made", cause: "\(path): errno \(errno)")
        }
        return true
    }

    /// Notes that an installation is here.
    func mark() {
        for marker in markers {
            if access(marker, F_OK) == 0 { return }
            let descriptor = open(marker, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { continue }
            let note = "An installation keeps its data beside this file. Delete it only to begin a new one.\n"
            _ = note.utf8.withContiguousStorageIfAvailable { write(descriptor, $0.baseAddress, $0.count) }
            close(descriptor)
            return
        }
    }

    static func isGone(cause: String) -> APIError {
        APIError(
            .serviceUnavailable, "The data of this installation is missing: mount or restore the data folder",
            cause: "\(cause). To begin a new installation, run: runner serve --init")
    }
}
