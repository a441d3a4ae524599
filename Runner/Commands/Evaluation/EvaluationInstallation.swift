import Gateway
import Glibc
import Platform
import Wire

/// An installation of its own, with one account and one workspace, whose functions are called without HTTP.
///
/// Its functions get only the variables that concern search and those named with `--env`: no remote model, no rate
/// limits, no database of the operator.
final class EvaluationInstallation {
    private let server: Server
    private var headers: JSONObject = [:]
    private var workspace = ""

    /// The functions that an evaluation needs.
    static let functions = ["register", "create-workspace", "upload-document", "run-jobs", "search-documents"]
    static let chat = "send-message"

    /// A response and how long it took.
    struct Answer {
        let status: Int
        let body: JSON
        let microseconds: Int64

        var message: String { body["error"]?["message"]?.string ?? "status \(status)" }
    }

    /// - Parameter folder: the data folder; it is created.
    init(_ options: Options, in folder: String) throws(EvaluationFailure) {
        var own = options
        own.dataOverride = folder
        own.environment = Self.environment(options)
        own.gateway.functionNames = Self.functions + (options.evaluation.searchesOnly ? [] : [Self.chat])
        guard let server = GatewaySetup.makeServer(own, log: .silent) else {
            throw .reported(code: GatewaySetup.failed())
        }
        self.server = server
        guard server.learnFunctions() != nil else { throw .reported(code: GatewaySetup.folderFailed(own)) }
        if server.isDraining { throw .interrupted }
        let account = try data(
            "register", body: ["email": "eval@example.com", "password": "correct horse", "name": "Evaluation"])
        headers = ["authorization": .string("Bearer \(account["token"]?.string ?? "")")]
        workspace = try data("create-workspace", body: ["name": "Evaluation"])["id"]?.string ?? ""
    }

    deinit { server.stop() }

    private static func environment(_ options: Options) -> [String: String] {
        var environment = options.environment.filter { name, _ in
            ChildEnvironment.commonNames.contains(name) || options.passedVariables.contains(name)
                || name.starts(withBytes: "SEARCH_")
        }
        for limit in ["AUTH", "LOGIN_ADDRESS", "GENERAL", "UPLOAD", "CHAT"] { environment["RATE_LIMIT_\(limit)"] = "0" }
        return environment
    }

    // MARK: Requests

    /// Uploads a document.
    /// - Parameter part: a number that searches can select.
    /// - Returns: its id; nil if it has nothing to read.
    func upload(_ document: TestCollection.Document, part: Int) throws(EvaluationFailure) -> String? {
        let boundary = "eval-\(server.nextRequestID())"
        let name = String(
            String.UnicodeScalarView(
                document.fileName.unicodeScalars.map { $0 == "\"" || $0.value < 0x20 ? "_" : $0 }))
        let form = """
            --\(boundary)\r
            Content-Disposition: form-data; name="metadata"\r
            \r
            {"part": \(part)}\r
            --\(boundary)\r
            Content-Disposition: form-data; name="file"; filename="\(name)"\r
            Content-Type: text/markdown\r
            \r
            \(document.text)\r
            --\(boundary)--\r

            """
        let answer = try call("upload-document", text: form, type: "multipart/form-data; boundary=\(boundary)")
        switch answer.status {
        case 200, 201: return answer.body["data"]?["id"]?.string
        case 415, 422: return nil
        default: throw .failed("the document \(document.id) cannot be uploaded: \(answer.message)")
        }
    }

    /// Does the work that uploads leave for later, until none is due.
    /// - Parameter name: of the collection.
    func runJobs(for name: String) throws(EvaluationFailure) {
        guard server.function(named: "run-jobs") != nil else { return }
        var progress = ProgressLine("\(name): calls of run-jobs", of: nil)
        defer { progress.end() }
        for number in 0... {
            progress.show(number)
            let next = try data("run-jobs", body: [:])["nextDueAt"]?.string.flatMap { Timestamp($0) }
            guard let next, next <= .now() else { return }
        }
    }

    /// - Parameters:
    ///   - mode: how to search: `keyword`, `hybrid` or `semantic`.
    ///   - part: search only the documents uploaded with this number.
    func search(_ text: String, mode: String, limit: Int, part: Int? = nil) throws(EvaluationFailure) -> Answer {
        var body: JSONObject = [
            // The longest query that the API accepts.
            "query": .string(String(String.UnicodeScalarView(text.unicodeScalars.prefix(1000)))),
            "limit": .int(Int64(limit)), "mode": .string(mode),
        ]
        if let part { body["filters"] = ["metadata": ["part": .int(Int64(part))]] }
        return try call("search-documents", body: body)
    }

    /// Asks for an answer from the documents only.
    func ask(_ question: String) throws(EvaluationFailure) -> Answer {
        try call(Self.chat, body: ["message": .string(question), "mode": "query"])
    }

    private func data(_ function: String, body: JSONObject) throws(EvaluationFailure) -> JSON {
        let answer = try call(function, body: body)
        guard answer.status < 400, let data = answer.body["data"] else {
            throw .failed("\(function) failed: \(answer.message)")
        }
        return data
    }

    private func call(_ function: String, body: JSONObject) throws(EvaluationFailure) -> Answer {
        try call(function, text: JSON.object(body).text, type: "application/json")
    }

    private func call(_ name: String, text: String, type: String) throws(EvaluationFailure) -> Answer {
        guard let function = server.function(named: name) else {
            let reason = server.faults.first { $0.name == name }?.reason ?? "it does not describe itself"
            throw .failed("the function \(name) cannot be called: \(reason)")
        }
        var fields = headers
        fields["content-type"] = .string(type)
        let envelope: JSON = [
            "headers": .object(fields), "pathParameters": ["workspaceId": .string(workspace)], "body": .string(text),
        ]
        let id = server.nextRequestID()
        let line = Envelope.line(envelope, requestID: id)
        let start = Clock.now
        guard let outcome = server.call(function, line, requestID: id) else { throw .interrupted }
        let microseconds = Clock.now - start
        // A signal also ends functions that are at work.
        if server.isDraining { throw .interrupted }
        if let error = outcome.error { throw .failed(error.message) }
        let head = outcome.lines.first.flatMap { try? JSONReader.parse($0) }
        let body = head?["body"]?.string.flatMap { try? JSONReader.parse($0) }
        return Answer(status: outcome.status, body: body ?? .null, microseconds: microseconds)
    }
}
