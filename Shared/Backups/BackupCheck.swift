import Glibc
import Models
import Storage
import Wire

/// Reads a whole backup and compares it with its manifest.
public struct BackupCheck {
    let progress: BackupProgress

    public init(progress: BackupProgress) { self.progress = progress }

    /// The most problems that a response lists.
    private static let mostProblems = 20

    /// Checks every file's SHA-256, the database's integrity, and that every document has its file.
    ///
    /// - Throws: the problems found.
    public func check(_ path: String) throws -> BackupManifest { try read(BackupFiles.absolute(path), into: nil) }

    /// Does the same and restores the files into `target`, an existing empty folder.
    func read(_ path: String, into target: String?) throws -> BackupManifest {
        try requireExistence(of: path)
        var problems: [String] = []
        let manifest: BackupManifest
        if BackupFiles.isFolder(path) {
            manifest = try readFolder(path, into: target, &problems)
        } else {
            manifest = try readArchive(path, into: target, &problems)
        }
        guard problems.isEmpty else {
            let more = problems.count > 1 ? ", and \(problems.count - 1) more" : ""
            throw APIError(
                .conflict, "\(path) is damaged: \(problems[0])\(more). Use another backup",
                details: ["problems": .array(problems.prefix(Self.mostProblems).map { .string($0) })])
        }
        return manifest
    }

    /// Reads only the manifest.
    func manifest(of path: String) throws -> BackupManifest {
        try requireExistence(of: path)
        if BackupFiles.isFolder(path) { return try manifest(ofFolder: path) }
        let archive = try TarReader(path)
        defer { archive.close() }
        while let member = try archive.next() {
            guard member.name == BackupManifest.name else {
                try archive.skip(member.size)
                continue
            }
            var text: [UInt8] = []
            _ = try archive.read(member.size, progress) { text.append(contentsOf: $0) }
            return try BackupManifest(text, at: "\(path)/\(BackupManifest.name)")
        }
        throw Self.withoutManifest(path)
    }

    private func requireExistence(of path: String) throws {
        guard BackupFiles.exists(path) else { throw APIError(.notFound, "There is no backup \(path)") }
    }

    private static func withoutManifest(_ path: String, _ hint: String = "") -> APIError {
        APIError(.conflict, "\(path) is not a complete backup: it has no \(BackupManifest.name)\(hint)")
    }

    // MARK: Folders

    private func manifest(ofFolder path: String) throws -> BackupManifest {
        if let manifest = try BackupManifest.find(in: path) { return manifest }
        let newest = BackupSeries(in: path).names.last.map { "; the newest backup in it is \(path)/\($0)" }
        throw Self.withoutManifest(path, newest ?? "")
    }

    private func readFolder(_ path: String, into target: String?, _ problems: inout [String]) throws -> BackupManifest {
        let manifest = try manifest(ofFolder: path)
        progress.begin("Checking files", total: manifest.bytes)
        for file in manifest.files {
            do {
                let found = try readFile("\(path)/\(file.path)", file, into: target)
                if let problem = Self.difference(found, file) { problems.append(problem) }
            } catch let error as APIError where error.code == .serviceUnavailable {
                guard let problem = Self.absence(of: "\(path)/\(file.path)") else { throw error }
                problems.append("\(file.path) \(problem)")
            }
        }
        if problems.isEmpty { try checkDatabase("\(target ?? path)/\(BackupManifest.database)", manifest, &problems) }
        return manifest
    }

    /// Why the file cannot be read; nil if it is a regular file.
    private static func absence(of path: String) -> String? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return "is missing" }
        return status.st_mode & S_IFMT == S_IFREG ? nil : "is not a regular file"
    }

    /// Uploaded files never change, so an installation may share them with a backup. It must not share the database.
    private func readFile(
        _ path: String, _ file: BackupManifest.File, into target: String?
    ) throws -> BackupFiles.Contents {
        guard let target else { return try BackupFiles.contents(of: path, progress) }
        let place = try Self.place(file.path, in: target)
        if file.path != BackupManifest.database, BackupFiles.link(path, to: place, size: file.size) {
            return try BackupFiles.contents(of: place, progress)
        }
        return try BackupFiles.copy(path, to: place, progress)
    }

    /// Where a file belongs in a data folder. Creates the folders on the way.
    private static func place(_ path: String, in target: String) throws -> String {
        if path != BackupManifest.database {
            try BackupFiles.makeFolder("\(target)/blobs")
            try BackupFiles.makeFolder(BackupFiles.place(of: "\(target)/\(path)").folder)
        }
        return "\(target)/\(path)"
    }

    private static func difference(_ found: BackupFiles.Contents, _ file: BackupManifest.File) -> String? {
        if found.size != file.size { return "\(file.path) has \(found.size) bytes instead of \(file.size)" }
        return found.sha256 == file.sha256 ? nil : "the contents of \(file.path) have changed"
    }

    // MARK: Archives

    private func readArchive(_ path: String, into target: String?, _ problems: inout [String]) throws -> BackupManifest
    {
        // SQLite needs the database as a separate file.
        let scratch = target == nil ? try Self.temporaryFolder() : nil
        defer { if let scratch { BackupFiles.remove(scratch) } }
        let archive = try TarReader(path)
        defer { archive.close() }
        var status = stat()
        progress.begin("Checking the archive", total: stat(path, &status) == 0 ? Int64(status.st_size) : 0)
        var found: [String: BackupFiles.Contents] = [:]
        var text: [UInt8]?
        while let member = try archive.next() {
            if member.name == BackupManifest.name {
                var bytes: [UInt8] = []
                _ = try archive.read(member.size, progress) { bytes.append(contentsOf: $0) }
                text = bytes
                continue
            }
            guard BackupManifest.isPath(member.name), found[member.name] == nil else {
                throw APIError(.conflict, "\(path) is damaged or not a backup: it contains \(member.name)")
            }
            let folder = target ?? (member.name == BackupManifest.database ? scratch : nil)
            found[member.name] = try extract(member, of: archive, into: folder)
        }
        guard let text else { throw Self.withoutManifest(path) }
        let manifest = try BackupManifest(text, at: "\(path)/\(BackupManifest.name)")
        for file in manifest.files {
            guard let contents = found[file.path] else {
                problems.append("\(file.path) is missing")
                continue
            }
            if let problem = Self.difference(contents, file) { problems.append(problem) }
        }
        if problems.isEmpty, let folder = target ?? scratch {
            try checkDatabase("\(folder)/\(BackupManifest.database)", manifest, &problems)
        }
        return manifest
    }

    private func extract(
        _ member: (name: String, size: Int64), of archive: TarReader, into folder: String?
    ) throws -> BackupFiles.Contents {
        guard let folder else { return try archive.read(member.size, progress) { _ in } }
        let place = try Self.place(member.name, in: folder)
        let output = try BackupFiles.openToWrite(place)
        defer { close(output) }
        return try archive.read(member.size, progress) { try BackupFiles.write($0, to: output, of: place) }
    }

    private static func temporaryFolder() throws -> String {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? ""
        let pattern = (parent.isEmpty ? "/tmp" : parent) + "/nexlayer-backup-XXXXXX"
        var template = Array(pattern.utf8CString)
        guard mkdtemp(&template) != nil else { throw BackupFiles.failure(pattern, "cannot be made") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    // MARK: The database

    private func checkDatabase(_ path: String, _ manifest: BackupManifest, _ problems: inout [String]) throws {
        progress.begin("Checking the database", total: 0)
        let sizes = Dictionary(manifest.files.map { ($0.path, $0.size) }, uniquingKeysWith: { first, _ in first })
        do {
            let database = try DatabaseCopy(at: path)
            problems += try database.problems().map { "the database: \($0)" }
            if try database.schemaVersion != manifest.schemaVersion {
                problems.append("the database's version is not the one in the manifest")
            }
            if try database.documentCount != manifest.documents {
                problems.append(
                    "the database has \(try database.documentCount) documents instead of \(manifest.documents)")
            }
            try database.eachFile { sha256, size in
                if sizes[BackupManifest.path(of: sha256)] != size {
                    problems.append("the file \(sha256) of a document is missing")
                }
            }
        } catch let error as APIError {
            problems.append("the database: \(error.cause ?? error.message)")
        }
    }
}
