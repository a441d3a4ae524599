import CPlatform
import Glibc
import Platform

/// Checks the data folder.
package enum DataCheck {
    private static let area = "data"
    private static let megabyte: UInt64 = 1024 * 1024
    /// File systems on which locks and shared memory, and so SQLite's write-ahead log, may not work between processes,
    /// by their magic numbers in statfs(2).
    private static let remote: [Int: String] = [
        0x6969: "NFS", 0x517B: "SMB", 0xFE53_4D42: "SMB", 0xFF53_4D42: "CIFS", 0x0102_1997: "9P", 0x6573_5546: "FUSE",
    ]

    static func findings(_ options: Options) -> [Finding] {
        let folder = options.dataFolder
        if !options.hasDatabaseServer, !hasDatabase(folder), InstallationMarker(of: folder).exists {
            return [
                .failure(
                    area, "The data of the installation in \(folder) is missing",
                    cure: "Mount the volume, or restore a backup. To begin a new installation: runner serve --init")
            ]
        }
        if let finding = absence(of: folder) { return [finding] }
        var findings = [writable(folder), space(folder)]
        if let finding = fileSystem(folder) { findings.append(finding) }
        for file in ["nexlayer.db", "limits.bin"]
        where access("\(folder)/\(file)", F_OK) == 0 && access("\(folder)/\(file)", R_OK | W_OK) != 0 {
            findings.append(
                .failure(
                    area, "\(folder)/\(file) cannot be read and written",
                    cure: "Change its owner: chown \(geteuid()) \(folder)/\(file)"))
        }
        return findings
    }

    private static func hasDatabase(_ folder: String) -> Bool { access("\(folder)/nexlayer.db", F_OK) == 0 }

    /// Allows a new installation if there is no database.
    package static func permitInstallation(in folder: String) {
        if !hasDatabase(folder) { InstallationMarker(of: folder).remove() }
    }

    /// Why the gateway cannot use a data folder; nil if it can.
    package static func obstacle(to folder: String) -> String? {
        guard let finding = absence(of: folder), finding.level == .failure else { return nil }
        return [finding.text, finding.cure].compactMap(\.self).joined(separator: ". ")
    }

    /// The finding about a folder that does not exist; nil for one that does.
    private static func absence(of folder: String) -> Finding? {
        var information = stat()
        guard stat(folder, &information) == 0 else { return missing(folder) }
        guard information.st_mode & S_IFMT == S_IFDIR else {
            return .failure(area, "\(folder) is not a directory", cure: "Set DATA_DIR to another folder.")
        }
        return nil
    }

    /// A missing folder is created at the first start, if possible.
    private static func missing(_ folder: String) -> Finding {
        var (first, parent) = (folder, folder)
        while access(parent, F_OK) != 0, let slash = parent.lastIndex(of: "/") {
            first = parent
            parent = slash == parent.startIndex ? "/" : String(parent[..<slash])
        }
        // NB: really create one, because access(2) allows root everything.
        guard mkdir(first, 0o700) == 0, rmdir(first) == 0 else {
            return .failure(
                area, "\(folder) does not exist and cannot be created in \(parent)",
                cure: "Create it with mkdir -p \(folder), or set DATA_DIR to another folder.")
        }
        return .ok(area, "\(folder) will be created at the first start")
    }

    private static func writable(_ folder: String) -> Finding {
        let probe = "\(folder)/.runner-doctor-\(getpid())"
        let descriptor = open(probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            return .failure(
                area, "\(folder) is not writable: \(String(cString: strerror(errno)))",
                cure: "Change its owner to the user that runs the gateway: chown -R \(geteuid()) \(folder)")
        }
        close(descriptor)
        unlink(probe)
        return .ok(area, "\(folder) is writable")
    }

    private static func space(_ folder: String) -> Finding {
        var information = statvfs()
        guard statvfs(folder, &information) == 0 else {
            return .warning(area, "The free space of \(folder) is unknown", cure: "Check it with df \(folder).")
        }
        let free = UInt64(information.f_bavail) * UInt64(information.f_frsize) / megabyte
        let cure = "Free some space, or move DATA_DIR to a larger disk."
        if free < 100 { return .failure(area, "\(folder) has \(free) MiB left", cure: cure) }
        if free < 1024 { return .warning(area, "\(folder) has \(free) MiB left", cure: cure) }
        return .ok(area, "\(folder) has \(free / 1024) GiB left")
    }

    private static func fileSystem(_ folder: String) -> Finding? {
        var information = statfs()
        guard statfs(folder, &information) == 0, let name = remote[Int(information.f_type)] else { return nil }
        return .warning(
            area, "\(folder) is on \(name), where several processes may not be able to share a database safely",
            cure: "Move DATA_DIR to a local disk (ext4, XFS, Btrfs).")
    }
}
