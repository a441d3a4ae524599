import Glibc
import Models
import Platform

/// The folder of an installation: `nexlayer.db` with its write-ahead log, `blobs/`, and files of locks.
///
/// A marker shows that an installation was begun here, so that a folder whose data is gone is not taken for a new one.
struct DataFolder {
    let path: String

    var database: String { "\(path)/nexlayer.db" }
    var writeQueue: String { "\(path)/write.lock" }
    var claims: String { "\(path)/claims.lock" }
    private var marker: InstallationMarker { InstallationMarker(of: path) }

    /// Makes the folder where needed. True when a new installation may begin in it. Throws 503 when the one that was
    /// here is gone.
    func prepare() throws -> Bool {
        // NB: the marker is looked for first. It is made after the database, so that where it is, the database was.
        let wasHere = marker.exists
        if wasHere {
            guard access(database, F_OK) == 0 else {
                throw Self.isGone(cause: "\(database) is missing; \(marker.path) says that an installation was here")
            }
            return false
        }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw APIError(.serviceUnavailable, "The data folder cannot be made", cause: "\(path): errno \(errno)")
        }
        return true
    }

    /// Notes that an installation is here.
    func mark() { marker.create() }

    static func isGone(cause: String) -> APIError {
        APIError(
            .serviceUnavailable, "The data of this installation is missing: mount or restore the data folder",
            cause: "\(cause). To begin a new installation, run: runner serve --init")
    }
}
