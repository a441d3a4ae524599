import Glibc
import Models
import Wire

/// A function as the runtime sees it: what it says of itself and how it answers. Nothing here knows
/// what the endpoint does, and nothing in an endpoint knows which gateway calls.
public struct Program {
    public var name: String
    public var version: String
    public var route: Route
    /// Makes the whole description; only `--describe` and `--help` need it.
    public var describe: () -> Operation
    /// Answers a request. Errors that are no `APIError` become `INTERNAL_ERROR`.
    public var handle: (Request) throws -> Response
    /// Adds to every answer, errors included, what depends on the request: entity tags, CORS.
    public var complete: (Request, inout Response) -> Void
    /// Below which path the routes hang.
    public var basePath: String

    public init(
        name: String, version: String, route: Route, basePath: String, describe: @escaping () -> Operation,
        handle: @escaping (Request) throws -> Response,
        complete: @escaping (Request, inout Response) -> Void
    ) {
        self.name = name
        self.version = version
        self.route = route
        self.basePath = basePath
        self.describe = describe
        self.handle = handle
        self.complete = complete
    }

    /// Runs until the caller has no more requests, and returns the exit status.
    public func run(arguments: [String]) -> Int32 {
        var arguments = arguments.dropFirst()
        if let first = arguments.popFirst() { return runCommand(first) }
        switch Gateway.detect() {
        case .lines: return LinesAdapter(serving: self).run()
        case .terminal:
            CommandLineText.print(usage)
            return 0
        }
    }

    private func runCommand(_ argument: String) -> Int32 {
        switch argument {
        case "--describe":
            var writer = JSONWriter()
            describe().write(to: &writer)
            CommandLineText.print(writer.buffer.text)
            return 0
        case "--help", "-h":
            CommandLineText.print(usage)
            return 0
        case "--version":
            CommandLineText.print("\(name) \(version)")
            return 0
        default:
            Log.write(.error, "\(name): unknown argument; try --help")
            return 64
        }
    }

    /// The largest body that is read, in bytes.
    var maximumBody: Int { route.maxBodyBytes }

    /// Answers one request completely: routing, handling, errors. Never throws.
    func answer(_ request: inout Request) -> Response {
        do {
            var response = try handled(&request)
            complete(request, &response)
            return response
        } catch {
            return response(to: error, request)
        }
    }

    private func handled(_ request: inout Request) throws -> Response {
        if route.isReachable { try RouteMatcher(route, basePath: basePath).match(&request) }
        if request.method == "OPTIONS" {
            return Response(status: 204, headers: [("allow", route.methods.joined(separator: ", "))])
        }
        if request.body.count > maximumBody { throw Self.tooLarge(maximumBody) }
        // Range has a meaning for GET alone (RFC 9110 section 14.2).
        if request.method == "HEAD" { request.headers.removeAll { $0.name == "range" } }
        return try handle(request)
    }

    /// Answers an error, also one that a stream threw before its first part.
    func response(to error: any Error, _ request: Request) -> Response {
        var response = Self.response(to: error, requestId: request.id)
        complete(request, &response)
        return response
    }

    static func tooLarge(_ limit: Int) -> APIError {
        APIError(
            .payloadTooLarge, "The body is larger than \(limit) bytes", details: ["maxBytes": .int(Int64(limit))])
    }

    /// The one place where errors become answers, and where what the outside must not see is logged.
    static func response(to error: any Error, requestId: String) -> Response {
        let apiError = error as? APIError ?? .internalError(cause: "\(error)")
        if let cause = apiError.cause {
            Log.write(.error, apiError.message, ["code": .string(apiError.code.rawValue), "requestId": .string(requestId), "cause": .string(cause)])
        }
        return .json(apiError.code.status, headers: apiError.headers) { apiError.write(to: &$0, requestId: requestId) }
    }
}

/// Which caller speaks to this process, by what it left in the environment.
///
/// The adapters for CGI, FastCGI, Lambda and the others take their places here, each in a file
/// beside `LinesAdapter`.
enum Gateway {
    /// Request envelopes on stdin, one a line: a pipe, a batch file, or the runner.
    case lines
    /// Nobody but a person at a keyboard.
    case terminal

    static func detect() -> Gateway { isatty(STDIN_FILENO) == 1 ? .terminal : .lines }
}

enum CommandLineText {
    static func print(_ text: String) {
        let line = ByteBuffer(text)
        if !text.hasSuffix("\n") { line.append(UInt8(ascii: "\n")) }
        Descriptor.writeAll(line.bytes, to: STDOUT_FILENO)
    }
}

extension Program {
    var usage: String {
        let operation = describe()
        let place = route.isReachable ? "\(route.method) \(basePath)\(route.path)" : "(no route leads here)"
        return """
            \(name) \(version)  \(place)

                \(route.summary)

            USAGE
                \(name) < requests.ndjson > responses.ndjson
                echo '{}' | \(name)
                \(name) --describe | --help | --version

            Reads request envelopes from stdin, one JSON object a line, and writes one answer a line to
            stdout until the end of the input. An envelope is API Gateway's payload (format 2.0 or 1.0);
            whatever the endpoint does not need may be left out. The log goes to stderr.

            OPTIONS
                --describe    Print what the function is and takes, as JSON.
                --help        Print this text.
                --version     Print the version.

            \(example(of: operation))
            """
    }

    private func example(of operation: Operation) -> String {
        var envelope = JSONObject()
        let pathParameters = operation.parameters.filter { $0.place == .path }
        if !pathParameters.isEmpty {
            envelope["pathParameters"] = .object(
                pathParameters.reduce(into: [:]) { $0[$1.name] = .string("…") })
        }
        if operation.access != "anyone" { envelope["headers"] = ["authorization": "Bearer …"] }
        if let schema = operation.requestBody?.schema, let properties = schema["properties"]?.object {
            let required = schema["required"]?.array?.compactMap(\.string) ?? []
            envelope["body"] = .object(
                properties.members.filter { required.contains($0.key) }.reduce(into: [:]) { body, member in
                    body[member.key] = member.value["examples"]?.array?.first ?? "…"
                })
        }
        return "EXAMPLE\n    echo '\(JSON.object(envelope).text)' | \(name)"
    }
}
