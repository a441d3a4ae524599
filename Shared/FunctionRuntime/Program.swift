import Glibc
import Models
import Platform
import Wire

/// A function as the runtime sees it: what it says of itself and how it answers. Nothing here knows
/// what the endpoint does, and nothing in an endpoint knows which gateway calls.
public struct Program {
    public var name: String
    public var version: String
    public let route: Route
    /// Makes the whole description; only `--describe` and `--help` need it.
    public var describe: () -> Operation
    /// Answers a request. Errors that are no `APIError` become `INTERNAL_ERROR`.
    public var handle: (Request) throws -> Response
    /// Adds to every answer, errors included, what depends on the request: entity tags, CORS.
    public var complete: (Request, inout Response) -> Void
    /// What is left to do when answers have left the process and no request waits. May be left out.
    public var afterwards: () -> Void
    /// Below which path the routes hang.
    public let basePath: String
    /// Nil for a function that no path leads to.
    private let matcher: RouteMatcher?

    public init(
        name: String, version: String, route: Route, basePath: String, describe: @escaping () -> Operation,
        handle: @escaping (Request) throws -> Response,
        complete: @escaping (Request, inout Response) -> Void, afterwards: @escaping () -> Void = {}
    ) {
        self.name = name
        self.version = version
        self.route = route
        self.basePath = basePath
        matcher = route.isReachable ? RouteMatcher(route, basePath: basePath) : nil
        self.describe = describe
        self.handle = handle
        self.complete = complete
        self.afterwards = afterwards
    }

    /// Runs until the caller has no more requests, and returns the exit status.
    public func run(arguments: [String]) -> Int32 {
        // Some servers hand a client's `Proxy:` header on like this ("httpoxy").
        unsetenv("HTTP_PROXY")
        StandardDescriptors.secure()
        do {
            return try run(CommandLineWords(GatewayChoice.isCGI ? [] : arguments.dropFirst()))
        } catch let misuse as CommandLineWords.Misuse {
            Log.write(.error, "\(name): \(misuse)")
            return 64
        } catch {
            return Self.failStart(of: name, "\(error)")
        }
    }

    /// Says why the function cannot start, also to a gateway that wants to know, and returns the exit
    /// status.
    public static func failStart(of name: String, _ problem: String) -> Int32 {
        Log.write(.error, "\(name) cannot start: \(problem)")
        if case .lambda? = try? GatewayChoice.detect(named: nil).gateway { LambdaAdapter.report(problem) }
        return 78
    }

    private func run(_ words: CommandLineWords) throws -> Int32 {
        switch words.command {
        case .describe:
            var writer = JSONWriter()
            describe().write(to: &writer)
            CommandLineText.print(writer.buffer.text)
        case .help: CommandLineText.print(usage(try GatewayChoice.detect(named: words.gateway)))
        case .version: CommandLineText.print("\(name) \(version)")
        case .serve:
            let choice = try GatewayChoice.detect(named: words.gateway)
            switch choice.gateway {
            case .lines: return LinesAdapter(serving: self).run()
            case .lambda: return try LambdaAdapter(serving: self).run()
            case .openwhisk: return OpenWhiskAdapter(serving: self).run()
            case .fastcgi: return try FastCGIAdapter(serving: self).run()
            case .cgi: return CGIAdapter(serving: self).run()
            case .openfaas: return OpenFaaSAdapter(serving: self).run()
            case nil: CommandLineText.print(usage(choice))
            }
        }
        return 0
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
        try matcher?.match(&request)
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

    static func tooLarge(_ limit: Int) -> APIError { .tooLarge("body", limit: limit) }

    /// The one place where errors become answers, and where what the outside must not see is logged.
    static func response(to error: any Error, requestId: String) -> Response {
        let apiError = error as? APIError ?? .internalError(cause: "\(error)")
        if let cause = apiError.cause {
            Log.write(
                .error, apiError.message,
                ["code": .string(apiError.code.rawValue), "requestId": .string(requestId), "cause": .string(cause)])
        }
        return .json(apiError.code.status, headers: apiError.headers) { apiError.write(to: &$0, requestId: requestId) }
    }
}
