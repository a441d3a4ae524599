import Foundation
import TestSupport
import Testing

/// A temporary data folder, and the built functions, called as a shell would call them: through pipes.
final class Installation {
    let folder: URL
    var environment: [String: String]

    static let root = Built.root
    static let functions = Built.functions
    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: functions.path)) ?? []).sorted()

    init(environment: [String: String] = [:]) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("nexlayer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var all = ["DATA_DIR": folder.appendingPathComponent("data").path]
        // Tests send requests faster than people do. Tests of the limits set their own.
        for limit in ["AUTH", "GENERAL", "UPLOAD", "CHAT"] { all["RATE_LIMIT_\(limit)"] = "0" }
        if TestDatabase.isOnServer {
            try TestDatabase.create(for: folder.path)
            all.merge(try TestDatabase.variables(for: folder.path)) { $1 }
        }
        self.environment = all.merging(environment) { _, own in own }
    }

    /// The same data, with other variables.
    convenience init(sharing other: Installation, environment: [String: String]) throws {
        let shared = other.environment.filter { ["DATA_DIR", "DATABASE_URL", "DATABASE_DIRECT_URL"].contains($0.key) }
        try self.init(environment: shared.merging(environment) { $1 })
    }

    deinit {
        TestDatabase.drop(for: folder.path)
        try? FileManager.default.removeItem(at: folder)
    }

    struct Output {
        var status: Int32
        var standardOutput: Data
        var standardError: String
    }

    /// Starts a function, or the program at an absolute path, with this input. Input and output are files, not pipes,
    /// so no size can block.
    func start(_ name: String, arguments: [String] = [], input: Data) throws -> () throws -> Output {
        let files = ["in", "out", "err"].map { folder.appendingPathComponent("\(UUID().uuidString).\($0)") }
        try input.write(to: files[0])
        let child = try spawn(name, arguments: arguments, files: files)
        return {
            let status = Child.wait(for: child)
            defer { for file in files { try? FileManager.default.removeItem(at: file) } }
            #expect(status & 0x7F == 0, "\(name) was ended by signal \(status & 0x7F)")
            return Output(
                status: status >> 8 & 0xFF, standardOutput: try Data(contentsOf: files[1]),
                standardError: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
        }
    }

    /// Starts a function with an empty request and kills it shortly afterwards. Returns whether it was still working.
    func startAndKill(_ name: String, after seconds: Double) throws -> Bool {
        let files = ["in", "out", "err"].map { folder.appendingPathComponent("\(UUID().uuidString).\($0)") }
        try Data("{}".utf8).write(to: files[0])
        let child = try spawn(name, arguments: [], files: files)
        usleep(UInt32(seconds * 1_000_000))
        kill(child, SIGKILL)
        return Child.wait(for: child) & 0x7F == SIGKILL
    }

    /// Starts a program and returns its process id.
    /// - Parameter files: what becomes stdin, stdout and stderr.
    func spawn(_ name: String, arguments: [String], files: [URL]) throws -> pid_t {
        let path = name.hasPrefix("/") ? name : Self.functions.appendingPathComponent(name).path
        return try Child.start(
            [path] + arguments, environment: environment, input: files[0].path, output: files[1].path,
            errors: files[2].path)
    }

    func run(_ name: String, arguments: [String] = [], input: Data = Data()) throws -> Output {
        try start(name, arguments: arguments, input: input)()
    }

    /// Sends envelopes, one per line, and reads as many responses.
    func batch(_ name: String, _ envelopes: [[String: Any]]) throws -> [Answer] {
        let lines = try envelopes.map { try JSONSerialization.data(withJSONObject: $0, options: .sortedKeys) }
        let output = try run(name, input: Self.lines(lines))
        #expect(output.status == 0)
        return try Answer.lines(output.standardOutput)
    }

    /// One per line. Appended piece by piece, because `joined` takes minutes for large ones in a debug build.
    static func lines(_ pieces: [Data]) -> Data {
        var all = Data()
        for (index, piece) in pieces.enumerated() {
            if index > 0 { all.append(UInt8(ascii: "\n")) }
            all.append(piece)
        }
        return all
    }

    func call(
        _ name: String, token: String? = nil, path: [String: String] = [:], query: [String: String] = [:],
        headers: [String: String] = [:], body: Any? = nil
    ) throws -> Answer {
        var headers = headers
        if let token { headers["authorization"] = "Bearer \(token)" }
        var envelope: [String: Any] = ["headers": headers, "pathParameters": path, "queryStringParameters": query]
        if let body { envelope["body"] = body }
        return try #require(try batch(name, [envelope]).first)
    }

    /// Registers an account and returns its access token.
    func register(_ email: String = "ada@example.com") throws -> String {
        let answer = try call(
            "register", body: ["email": email, "password": "correct horse", "name": "Ada"])
        return try #require(answer.data["token"] as? String)
    }

    func makeWorkspace(_ token: String, name: String = "Handbook") throws -> String {
        try #require(try call("create-workspace", token: token, body: ["name": name]).data["id"] as? String)
    }

    /// Uploads files as a browser's form would.
    func upload(
        _ files: [(name: String, type: String, content: Data)], to workspace: String, token: String,
        fields: [String: String] = [:]
    ) throws -> Answer {
        let envelope = Self.uploadEnvelope(files, to: workspace, token: token, fields: fields)
        return try #require(try batch("upload-document", [envelope]).first)
    }

    static func uploadEnvelope(
        _ files: [(name: String, type: String, content: Data)], to workspace: String, token: String,
        fields: [String: String] = [:]
    ) -> [String: Any] {
        [
            "headers": ["authorization": "Bearer \(token)", "content-type": "multipart/form-data; boundary=XX"],
            "pathParameters": ["workspaceId": workspace],
            "body": form(files, fields: fields).base64EncodedString(), "isBase64Encoded": true,
        ]
    }

    /// A multipart body with the boundary `XX`.
    static func form(_ files: [(name: String, type: String, content: Data)], fields: [String: String]) -> Data {
        var form = Data()
        for (name, value) in fields {
            form += Data("--XX\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
        }
        for file in files {
            form += Data(
                ("--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(file.name)\"\r\n"
                    + "Content-Type: \(file.type)\r\n\r\n").utf8)
            form += file.content + Data("\r\n".utf8)
        }
        form += Data("--XX--\r\n".utf8)
        return form
    }

    func upload(_ text: String, named name: String, to workspace: String, token: String) throws -> Answer {
        try upload([(name, "text/plain", Data(text.utf8))], to: workspace, token: token)
    }
}

/// One response envelope.
struct Answer {
    var status: Int
    var headers: [String: String]
    var body: Data
    var line: [String: Any]

    init(_ line: [String: Any]) {
        self.line = line
        status = line["statusCode"] as? Int ?? 0
        headers = line["headers"] as? [String: String] ?? [:]
        let text = line["body"] as? String ?? ""
        body = line["isBase64Encoded"] as? Bool == true ? Data(base64Encoded: text) ?? Data() : Data(text.utf8)
    }

    static func lines(_ output: Data) throws -> [Answer] {
        try output.split(separator: UInt8(ascii: "\n")).map { line in
            Answer(try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]))
        }
    }

    var json: [String: Any] { (try? JSONSerialization.jsonObject(with: body) as? [String: Any]) ?? [:] }
    var data: [String: Any] { json["data"] as? [String: Any] ?? [:] }
    var list: [[String: Any]] { json["data"] as? [[String: Any]] ?? [] }
    var pagination: [String: Any] { json["pagination"] as? [String: Any] ?? [:] }
    var error: [String: Any] { json["error"] as? [String: Any] ?? [:] }
    var code: String? { error["code"] as? String }
    var message: String { error["message"] as? String ?? "" }
    var fields: [String] {
        let details = error["details"] as? [String: Any] ?? [:]
        return (details["errors"] as? [[String: String]] ?? []).compactMap { $0["field"] }
    }
}
