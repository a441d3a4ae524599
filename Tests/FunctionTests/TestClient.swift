import Foundation
import TestSupport
import Testing

/// The two ways in which tests call an endpoint: through a pipe, and over HTTP through the runner.
enum Transport: CaseIterable { case pipe, runner }

/// An installation whose endpoints are called in one of the two ways.
final class TestClient {
    let installation: Installation
    private let runner: CurlClient?

    init(_ transport: Transport, environment: [String: String] = [:], basePath: String = "/api/v1") throws {
        installation = try Installation(environment: environment)
        runner = transport == .runner ? try CurlClient(installation, basePath: basePath) : nil
    }

    func call(
        _ name: String, token: String? = nil, path: [String: String] = [:], query: [String: String] = [:],
        headers: [String: String] = [:], body: Any? = nil
    ) throws -> Answer {
        guard let runner else {
            return try installation.call(name, token: token, path: path, query: query, headers: headers, body: body)
        }
        var headers = headers
        if body != nil { headers["content-type"] = "application/json" }
        let data = try body.map { try JSONSerialization.data(withJSONObject: $0) }
        return try runner.ask(name, token: token, path: path, query: query, headers: headers, body: data)
    }

    func upload(
        _ files: [(name: String, type: String, content: Data)], to workspace: String, token: String?,
        fields: [String: String] = [:]
    ) throws -> Answer {
        guard let runner else {
            return try installation.upload(files, to: workspace, token: token ?? "", fields: fields)
        }
        return try runner.ask(
            "upload-document", token: token, path: ["workspaceId": workspace],
            headers: ["content-type": "multipart/form-data; boundary=XX"],
            body: Installation.form(files, fields: fields))
    }

    func upload(_ text: String, named name: String, to workspace: String, token: String) throws -> Answer {
        try upload([(name, "text/plain", Data(text.utf8))], to: workspace, token: token)
    }

    /// The people to whom the rules apply: the owner of a workspace, a viewer, and an outsider.
    struct People {
        let owner: String
        let viewer: String
        let stranger: String
        let workspace: String
    }

    func people() throws -> People {
        let owner = try installation.register()
        let viewer = try installation.register("viewer@example.com")
        let workspace = try installation.makeWorkspace(owner)
        let added = try installation.call(
            "add-member", token: owner, path: ["workspaceId": workspace],
            body: ["email": "viewer@example.com", "role": "viewer"])
        #expect(added.status == 201)
        return People(
            owner: owner, viewer: viewer, stranger: try installation.register("stranger@example.com"),
            workspace: workspace)
    }
}

/// The runner over the built functions, called with curl.
private final class CurlClient {
    private let installation: Installation
    private let process: RunnerProcess
    private let basePath: String

    init(_ installation: Installation, basePath: String) throws {
        self.installation = installation
        self.basePath = basePath
        process = try RunnerProcess(in: installation.folder, environment: installation.environment)
    }

    /// The route comes from the function's description.
    func ask(
        _ name: String, token: String?, path: [String: String], query: [String: String] = [:],
        headers: [String: String],
        body: Data?
    ) throws -> Answer {
        let description = try installation.run(name, arguments: ["--describe"]).standardOutput
        let route = try #require(try JSONSerialization.jsonObject(with: description) as? [String: Any])
        var address = try #require(route["path"] as? String)
        for (key, value) in path { address = address.replacing("{\(key)}", with: value) }
        var url = try #require(URLComponents(string: "http://127.0.0.1:\(process.port)\(basePath)\(address)"))
        url.queryItems = query.isEmpty ? nil : query.map { URLQueryItem(name: $0.key, value: $0.value) }
        var arguments = [
            "-sS", "-i", "--max-time", "60", "-X", try #require(route["method"] as? String), "-H", "Expect:",
        ]
        if let token { arguments += ["-H", "Authorization: Bearer \(token)"] }
        for (key, value) in headers { arguments += ["-H", "\(key): \(value)"] }
        if body != nil { arguments += ["--data-binary", "@-"] }
        let output = try installation.run(
            "/usr/bin/curl", arguments: arguments + [try #require(url.string)], input: body ?? Data())
        #expect(output.status == 0, "\(output.standardError)")
        return try Self.answer(output.standardOutput)
    }

    private static func answer(_ response: Data) throws -> Answer {
        let end = try #require(response.range(of: Data("\r\n\r\n".utf8)))
        let lines = String(decoding: response[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        }
        let status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return Answer([
            "statusCode": status, "headers": headers, "isBase64Encoded": true,
            "body": response[end.upperBound...].base64EncodedString(),
        ])
    }
}
