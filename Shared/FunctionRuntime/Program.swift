import Glibc
import Models
import Platform
import Wire

/// A function as the runtime sees it: its route, its description, and how it responds. The runtime does not know what
/// the endpoint does, and the endpoint does not know which gateway calls it.
public struct Program {
    public var name: String
    public var version: String
    /// Every method that it serves, the main one first.
    public let methods: [String]
    /// Below the base path, with parameters in braces; empty for a function without a route.
    public let path: String
    /// The prefix of every path.
    public let basePath: String
    /// The largest accepted request body, in bytes.
    public let maximumBody: Int
    /// Makes the description that `--describe` prints.
    public var describe: () -> JSON
    /// Makes the function's part of `--help`.
    public var help: () -> FunctionHelp
    /// Responds to a request. Errors other than `APIError` become `INTERNAL_ERROR`.
    public var handle: (Request) throws -> Response
    /// Adds headers that depend only on the request (CORS) to every response, including errors.
    public var complete: (Request, inout Response) -> Void
    /// Runs when all responses have left the process and no request is waiting.
    public var afterwards: () -> Void
    /// Runs once no request has come for some time.
    public var resting: Resting?
    /// How many writes ran again for the request because they met others. Gateways that count it ask once.
    public var takeRepeatedWrites: () -> Int
    private let matcher: RouteMatcher?

    public init(
        name: String, version: String, methods: [String], path: String, basePath: String, maximumBody: Int,
        describe: @escaping () -> JSON, help: @escaping () -> FunctionHelp,
        handle: @escaping (Request) throws -> Response,
        complete: @escaping (Request, inout Response) -> Void = { _, _ in }, afterwards: @escaping () -> Void = {},
        resting: Resting? = nil, takeRepeatedWrites: @escaping () -> Int = { 0 }
    ) {
        self.name = name
        self.version = version
        self.methods = methods
        self.path = path
        self.basePath = basePath
        self.maximumBody = maximumBody
        matcher = path.isEmpty ? nil : RouteMatcher(methods: methods, path: path, basePath: basePath)
        self.describe = describe
        self.help = help
        self.handle = handle
        self.complete = complete
        self.afterwards = afterwards
        self.resting = resting
        self.takeRepeatedWrites = takeRepeatedWrites
    }

    /// What a process does that waits for requests for so long, such as giving back what others may need.
    public struct Resting {
        let milliseconds: Int32
        let begin: () -> Void

        public init(afterMilliseconds milliseconds: Int32, begin: @escaping () -> Void) {
            (self.milliseconds, self.begin) = (milliseconds, begin)
        }
    }

    /// Serves until the gateway has no more requests, and returns the exit status.
    public func run(arguments: [String]) -> Int32 {
        // Some servers pass on a client's `Proxy:` header as this variable ("httpoxy").
        unsetenv("HTTP_PROXY")
        StandardDescriptors.secure()
        do {
            return try run(CommandLineArguments(GatewayChoice.isCGI ? [] : arguments.dropFirst()))
        } catch let error as CommandLineArguments.UsageError {
            Log.write(.error, "\(name): \(error)")
            return 64
        } catch {
            return Self.failStart(of: name, "\(error)")
        }
    }

    /// Reports to the log and to Lambda why the function cannot start, and returns the exit status.
    public static func failStart(of name: String, _ problem: String) -> Int32 {
        Log.write(.error, "\(name) cannot start: \(problem)")
        if case .lambda? = try? GatewayChoice.detect(named: nil).gateway { LambdaAdapter.report(problem) }
        return 78
    }

    private func run(_ arguments: CommandLineArguments) throws -> Int32 {
        switch arguments.command {
        case .describe:
            CommandLineText.print(describe().text)
        case .help: CommandLineText.print(helpText(try GatewayChoice.detect(named: arguments.gateway)))
        case .version: CommandLineText.print("\(name) \(version)")
        case .serve:
            let choice = try GatewayChoice.detect(named: arguments.gateway)
            switch choice.gateway {
            case .lines: return NDJSONAdapter(serving: self).run()
            case .lambda: return try LambdaAdapter(serving: self).run()
            case .openwhisk: return OpenWhiskAdapter(serving: self).run()
            case .fastcgi: return try FastCGIAdapter(serving: self).run()
            case .cgi: return CGIAdapter(serving: self).run()
            case .openfaas: return OpenFaaSAdapter(serving: self).run()
            case nil: CommandLineText.print(helpText(choice))
            }
        }
        return 0
    }

    /// Responds to one request: routing, handling, errors. Never throws.
    func response(to request: inout Request) -> Response {
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
            return Response(status: 204, headers: [("allow", methods.joined(separator: ", "))])
        }
        if request.body.count > maximumBody { throw Self.tooLarge(maximumBody) }
        // Range is defined for GET only (RFC 9110 section 14.2).
        if request.method == "HEAD" { request.headers.removeAll { $0.name == "range" } }
        return try handle(request)
    }

    /// Responds with an error, including one that a stream threw before its first part.
    func response(to error: any Error, _ request: Request) -> Response {
        var response = Self.response(to: error, requestId: request.id)
        complete(request, &response)
        return response
    }

    static func tooLarge(_ limit: Int) -> APIError { .tooLarge("body", limit: limit) }

    /// The only place where errors become responses. It logs what callers must not see.
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
