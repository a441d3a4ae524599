import Glibc
import Wire

/// The file that shows that a data folder has an installation.
///
/// A folder whose data is gone (a volume that is not mounted, a restore in progress) must not be mistaken for a new
/// installation: the first stranger to register would become its administrator. So the marker is beside the folder
/// (`.data.installation` beside `data`), where it outlives a mount, or in the folder if its parent is not writable.
public struct InstallationMarker: Sendable {
    private let paths: [String]

    public init(of folder: String) {
        let trimmed = folder.ends(withBytes: "/") ? String(folder.utf8.dropLast()) ?? folder : folder
        let slash = trimmed.lastIndex(ofByte: "/")
        let parent = slash.map { String(trimmed[...$0]) } ?? ""
        let name = slash.map { String(trimmed[trimmed.utf8.index(after: $0)...]) } ?? trimmed
        let inside = "\(folder)/installation"
        // In the folder, the marker still reveals a lost database.
        paths = ["", ".", ".."].contains(name) ? [inside] : ["\(parent).\(name).installation", inside]
    }

    /// Where the marker is created if possible.
    public var path: String { paths[0] }

    public var exists: Bool { paths.contains { access($0, F_OK) == 0 } }

    /// Creates the marker unless it exists.
    public func create() {
        for path in paths {
            if access(path, F_OK) == 0 { return }
            let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { continue }
            let note = ByteBuffer(
                "An installation keeps its data beside this file. Delete it only to begin a new one.\n")
            withExtendedLifetime(note) { _ = Descriptor.writeAll(note.bytes, to: descriptor) }
            close(descriptor)
            return
        }
    }

    public func remove() {
        for path in paths { unlink(path) }
    }
}
