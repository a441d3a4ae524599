import Foundation
import Testing
import Wire

/// Calls functions as an HTTP API would, and records each response as text: status, headers in their order, body.
///
/// Values that differ from run to run become placeholders. Identifiers are numbered in order of appearance, so that a
/// snapshot still shows which of them are equal.
final class SnapshotRecorder {
    private let installation: Installation
    private var routes: [String: (method: String, path: String)] = [:]
    private var numbers: [String: String] = [:]
    private var tokens: [String: String] = [:]
    /// The text of each function's calls, and their statuses.
    private(set) var texts: [String: String] = [:]
    private(set) var statuses: [String: [Int]] = [:]

    init() throws {
        // Limits that are never reached, so that their headers appear.
        installation = try Installation(environment: [
            "RATE_LIMIT_AUTH": "1000", "RATE_LIMIT_GENERAL": "1000", "RATE_LIMIT_UPLOAD": "1000",
            "RATE_LIMIT_CHAT": "1000",
            // So that snapshots are the same where the model could not be fetched.
            "EMBEDDING": "off",
            // The same on every engine.
            "BLOBS": "files",
            "JWT_SECRET": "a secret of the snapshots with at least 32 bytes",
        ])
    }

    /// Calls a function and records the exchange below a title.
    /// - Parameters:
    ///   - caller: whose token is sent; `know` gives tokens their names.
    ///   - body: text that is sent as JSON, unless `type` says otherwise; `<name>` in it is replaced by a known token.
    ///   - method: replaces the route's method.
    @discardableResult
    func call(
        _ function: String, _ title: String, as caller: String? = nil, _ path: [String: String] = [:],
        query: String = "",
        headers: [String: String] = [:], body: String? = nil, type: String = "application/json", method: String? = nil,
        variables: [String: String] = [:]
    ) throws -> Answer {
        let environment = installation.environment
        installation.environment.merge(variables) { _, own in own }
        defer { installation.environment = environment }
        var route = try route(of: function)
        route.method = method ?? route.method
        var address = route.path
        for (name, value) in path { address = address.replacing("{\(name)}", with: value) }
        let target = address + (query.isEmpty ? "" : "?\(query)")
        var sent = headers
        if let caller { sent["authorization"] = "Bearer \(try #require(tokens[caller], "\(caller) is not known"))" }
        if body != nil { sent["content-type"] = type }
        var envelope: [String: Any] = ["headers": sent.merging(["x-request-id": "snapshot"]) { own, _ in own }]
        if !route.path.isEmpty {
            envelope["version"] = "2.0"
            envelope["rawPath"] = "/api/v1\(address)"
            envelope["rawQueryString"] = query
            envelope["requestContext"] = [
                "http": ["method": route.method, "sourceIp": "203.0.113.7", "userAgent": "snapshots"]
            ]
        }
        if let body { envelope["body"] = tokens.reduce(body) { $0.replacing("<\($1.key)>", with: $1.value) } }
        let output = try installation.run(function, input: try JSONSerialization.data(withJSONObject: envelope))
        #expect(output.status == 0, "\(function): \(output.standardError)")

        var text = "### \(title)\n\n> \(route.method.isEmpty ? function : "\(route.method) \(target)")\n"
        if let caller { text += "> authorization: Bearer <\(caller)>\n" }
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) { text += "> \(name): \(value)\n" }
        if let body { text += "> \(type)\n" + body.split(separator: "\n").map { "> \($0)\n" }.joined() }
        let lines = output.standardOutput.split(separator: UInt8(ascii: "\n"))
        let line = try #require(lines.first)
        let head = try #require(try JSONReader.parse(String(decoding: line, as: UTF8.self)).object)
        text += "\n" + (try response(head, chunks: lines.dropFirst()))
        texts[function, default: ""] += hidingVolatile(text) + "\n"

        let answer = try #require(try Answer.lines(line).first)
        statuses[function, default: []].append(answer.status)
        return answer
    }

    /// Gives a token the name by which calls use it.
    func know(_ caller: String, by answer: Answer, member: String = "token") throws {
        tokens[caller] = try #require(answer.data[member] as? String)
    }

    // MARK: Text

    private func route(of function: String) throws -> (method: String, path: String) {
        if let known = routes[function] { return known }
        let described = try installation.run(function, arguments: ["--describe"]).standardOutput
        let description = try #require(try JSONSerialization.jsonObject(with: described) as? [String: Any])
        let route = (description["method"] as? String ?? "", description["path"] as? String ?? "")
        routes[function] = route
        return route
    }

    private func response(_ head: JSONObject, chunks: ArraySlice<Data>) throws -> String {
        var text = "\(try #require(head["statusCode"]?.int))\n"
        for header in head["headers"]?.object?.members ?? [] { text += "\(header.key): \(header.value.string ?? "")\n" }
        for cookie in head["cookies"]?.array ?? [] { text += "set-cookie: \(cookie.string ?? "")\n" }
        let isStream = head["stream"]?.bool == true
        let body =
            try isStream
            ? chunks.map { try JSONReader.parse(String(decoding: $0, as: UTF8.self)).object?["chunk"]?.string ?? "" }
                .joined()
            : head["body"]?.string ?? ""
        if body.isEmpty { return text + "\n" }
        if head["isBase64Encoded"]?.bool == true {
            let bytes = try #require(Base64.decode(body))
            return text + "\n(\(bytes.count) bytes)\n" + String(decoding: bytes, as: UTF8.self) + "\n"
        }
        // Pages and the OpenAPI document are generated, and checked where they are generated.
        if body.utf8.count > 20_000 { return text + "\n\(body.prefix(40).replacing("\n", with: "⏎"))…\n" }
        if isStream { return text + "\n\(body)\n" }
        guard let json = try? JSONReader.parse(body) else { return text + "\n\(body)\n" }
        return text + "\n\(Self.pretty(json))\n"
    }

    /// JSON with one member per line, in the order in which they were sent.
    private static func pretty(_ json: JSON, key: String? = nil, indentation: String = "") -> String {
        let inner = indentation + "  "
        switch json {
        case .object(let object) where !object.isEmpty:
            let members = object.members.map { member in
                "\(inner)\(JSON.string(member.key).text): \(pretty(member.value, key: member.key, indentation: inner))"
            }
            return "{\n\(members.joined(separator: ",\n"))\n\(indentation)}"
        case .array(let items) where !items.isEmpty:
            let items = items.map { inner + pretty($0, key: key, indentation: inner) }
            return "[\n\(items.joined(separator: ",\n"))\n\(indentation)]"
        case .int, .double, .string, .bool, .null:
            if let placeholder = key.flatMap({ volatileMembers[$0] }), json != .null { return "\"\(placeholder)\"" }
            return json.text
        default: return json.text
        }
    }

    /// Members whose values differ from run to run and from machine to machine.
    private static let volatileMembers = [
        "schemaVersion": "<number>",
        "refreshToken": "<refresh token>", "key": "<key>", "secret": "<secret>", "slug": "<slug>", "prefix": "<prefix>",
        "platform": "<platform>", "latencyMs": "<number>", "freeBytes": "<number>", "tookMs": "<number>",
    ]

    private func hidingVolatile(_ text: String) -> String {
        var text = text.replacing(installation.folder.path, with: "<folder>")
        text.replace(#/\b([a-z]{2,4})_[0-7][0-9A-HJKMNP-TV-Z]{25}\b/#) { match in
            if let known = numbers[String(match.0)] { return known }
            let name = "<\(match.1) \(numbers.values.count { $0.hasPrefix("<\(match.1) ") } + 1)>"
            numbers[String(match.0)] = name
            return name
        }
        text.replace(#/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/#) {
            $0.0 == "2100-01-01T00:00:00.000Z" ? $0.0[...] : "<time>"
        }
        text.replace(#/eyJ[\w-]+\.[\w-]+\.[\w-]+/#, with: "<token>")
        text.replace(#/\b[0-9a-f]{32}\b/#, with: "<tag>")
        text.replace(#/X-Amz-(Credential|Date|Signature)=[^&"\s]+/#) { "X-Amz-\($0.1)=<\($0.1)>" }
        text.replace(#/("engine": "sqlite",\s+"version": )"[^"]+"/#) { "\($0.1)\"<version>\"" }
        text.replace(#/sha256-[A-Za-z0-9+\/]{43}=/#, with: "sha256-<hash>")
        text.replace(#/(x-ratelimit-(?:remaining|reset)): \d+/#) { "\($0.1): <number>" }
        return text
    }
}
