import Foundation
import TestSupport
import Testing

/// Data folders that disappear, reappear or are replaced.
@Suite struct DataFolderTests {
    private let installation: Installation
    private let token: String
    private var data: URL { installation.folder.appendingPathComponent("data") }
    private var moved: URL { installation.folder.appendingPathComponent("moved") }

    init() throws {
        installation = try Installation()
        token = try installation.register()
    }

    private func create(_ name: String) -> [String: Any] {
        ["headers": ["authorization": "Bearer \(token)"], "body": ["name": name]]
    }

    @Test(.disabled(if: TestDatabase.isOnServer)) func nobodyBeginsANewInstallationWhereOneWas() throws {
        try FileManager.default.moveItem(at: data, to: moved)
        let stranger = try installation.call(
            "register", body: ["email": "eve@example.com", "password": "correct horse", "name": "Eve"])
        #expect(stranger.status == 503 && stranger.message.contains("missing"))
        #expect(try installation.call("health").status == 503)
        #expect(!FileManager.default.fileExists(atPath: data.appendingPathComponent("nexlayer.db").path))

        // With an empty folder, like the mount point of a volume that is not mounted, and with an empty file.
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        #expect(try installation.call("health").status == 503)
        try Data().write(to: data.appendingPathComponent("nexlayer.db"))
        #expect(try installation.call("health").status == 503)

        try FileManager.default.removeItem(at: data)
        try FileManager.default.moveItem(at: moved, to: data)
        #expect(try installation.call("list-workspaces", token: token).status == 200)
    }

    @Test(.disabled(if: TestDatabase.isOnServer)) func aProcessNoticesThatTheFolderWasReplaced() throws {
        let copy = installation.folder.appendingPathComponent("copy")
        try FileManager.default.copyItem(at: data, to: copy)
        let warm = try WarmFunction("create-workspace", in: installation)
        #expect(try warm.send(create("Before")).status == 201)
        try FileManager.default.moveItem(at: data, to: moved)
        #expect(try warm.send(create("Nowhere")).status == 503)
        try FileManager.default.moveItem(at: copy, to: data)
        #expect(try warm.send(create("After")).status == 201)
        warm.end()
        #expect(try installation.query("SELECT name FROM workspaces") == ["After"])
    }

    /// SQLite opens a read-only file for reading, and keeps it open that way.
    @Test(.disabled(if: TestDatabase.isOnServer)) func aProcessThatCouldNotWriteTriesAgain() throws {
        guard getuid() != 0 else { return try triesAgainAsAnotherUser() }
        let files = ["nexlayer.db", "nexlayer.db-wal", "nexlayer.db-shm"].map { data.appendingPathComponent($0).path }
        for file in files { chmod(file, 0o400) }
        let warm = try WarmFunction("create-workspace", in: installation)
        #expect(try warm.send(create("No")).status == 503)
        for file in files { chmod(file, 0o600) }
        #expect(try warm.send(create("Yes")).status == 201)
        warm.end()
    }

    /// Root may write regardless of the mode, unless it drops that privilege.
    private func triesAgainAsAnotherUser() throws {
        let files = ["nexlayer.db", "nexlayer.db-wal", "nexlayer.db-shm"].map { data.appendingPathComponent($0).path }
        for file in files { chmod(file, 0o400) }
        let warm = try WarmFunction(
            "/usr/bin/setpriv",
            arguments: [
                "--bounding-set=-dac_override,-dac_read_search",
                Installation.functions.appendingPathComponent("create-workspace").path,
            ], in: installation)
        #expect(try warm.send(create("No")).status == 503)
        for file in files { chmod(file, 0o600) }
        #expect(try warm.send(create("Yes")).status == 201)
        warm.end()
    }

    /// On a server, it looks for a newer version every 10 seconds.
    @Test(.disabled(if: TestDatabase.isOnServer)) func anOlderProcessDoesNotWriteIntoANewerDatabase() throws {
        let warm = try WarmFunction("create-workspace", in: installation)
        #expect(try warm.send(create("Before")).status == 201)
        try installation.migrate(to: 99)
        #expect(try warm.send(create("After")).status == 503)
        warm.end()
        #expect(try installation.query("SELECT name FROM workspaces") == ["Before"])
    }
}

/// A function that keeps running between requests.
final class WarmFunction {
    private let input: FileHandle
    private let output: FileHandle
    private let process: pid_t
    private var rest = Data()

    init(_ name: String, arguments: [String] = [], in installation: Installation) throws {
        let pipes = ["in", "out"].map { installation.folder.appendingPathComponent("\(UUID().uuidString).\($0)") }
        for pipe in pipes { try #require(mkfifo(pipe.path, 0o600) == 0) }
        // Opened for reading and writing, so that opening the pipe does not block.
        input = try #require(FileHandle(forUpdatingAtPath: pipes[0].path))
        output = try #require(FileHandle(forUpdatingAtPath: pipes[1].path))
        let errors = installation.folder.appendingPathComponent("\(UUID().uuidString).err")
        process = try installation.spawn(name, arguments: arguments, files: pipes + [errors])
    }

    func send(_ envelope: [String: Any]) throws -> Answer {
        input.write(try JSONSerialization.data(withJSONObject: envelope) + Data("\n".utf8))
        while true {
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = rest[..<end]
                rest = Data(rest[rest.index(after: end)...])
                return try #require(try Answer.lines(Data(line)).first)
            }
            let more = output.availableData
            try #require(!more.isEmpty)
            rest += more
        }
    }

    /// Kills the process. NB: other tests' children may have inherited the pipe that it reads from, so closing it is
    /// not enough.
    func end() {
        kill(process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    }
}
