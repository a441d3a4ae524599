import Glibc

/// The file by which the functions know that an installation was begun in a data folder: beside it, or within it where
/// its parent cannot be written to. While there is one, they make no other installation where the data has gone.
struct InstallationMarker {
    private let folder: String
    private let paths: [String]

    init(of folder: String) {
        self.folder = folder
        let slash = folder.lastIndex(ofByte: "/")
        let parent = slash.map { String(folder[...$0]) } ?? ""
        let name = slash.map { String(folder[folder.utf8.index(after: $0)...]) } ?? folder
        paths = ["\(parent).\(name).installation", "\(folder)/installation"]
    }

    /// Whether an installation was here, and its database is not.
    var isOrphan: Bool { !hasDatabase && paths.contains { access($0, F_OK) == 0 } }

    private var hasDatabase: Bool { access("\(folder)/nexlayer.db", F_OK) == 0 }

    /// Lets a new installation begin where there is no database.
    func remove() {
        guard !hasDatabase else { return }
        for path in paths { unlink(path) }
    }
}
