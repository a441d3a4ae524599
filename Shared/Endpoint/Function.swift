import FunctionRuntime
import Glibc
import Models
import Platform
import Storage
import Wire

/// The version of the whole product.
public let productVersion = "0.1.0"

/// One endpoint: a declaration of where it is, who may call it and what it takes, and the decision
/// that it makes. Everything else (the gateway, decoding, validation, authentication, errors, logs)
/// is behind this protocol.
///
/// ```swift
/// @main struct DeleteWorkspace: Function {
///     static let route = Route.delete("/workspaces/{workspaceId}", tag: "Workspaces", summary: "Delete a workspace")
///     static let access = Access.member(.owner)
///
///     static func handle(_ input: NoInput, by member: Member, in context: Context) throws -> Acknowledged {
///         …
///     }
/// }
/// ```
public protocol Function {
    associatedtype Caller
    associatedtype Input: FunctionInput
    associatedtype Output: Reply

    static var route: Route { get }
    static var access: Access<Caller> { get }

    /// Decides. What it throws becomes the answer: an `APIError` as it is, anything else a 500.
    static func handle(_ input: Input, by caller: Caller, in context: Context) throws -> Output
}

/// The caller may do less by now than when the request was let in.
private struct LostRights: Error {}

extension Function {
    /// `ListWorkspaces` → `list-workspaces`, the name of the executable.
    // NB: not `String(describing:)`, which looks up three conformances and builds a mirror before it
    // asks for this name: a quarter of all that a cold start computes.
    static var name: String {
        var name: [UInt8] = []
        for byte in _typeName(Self.self, qualified: false).utf8 {
            let isUppercase = ASCII.isUppercase(byte)
            if isUppercase, !name.isEmpty { name.append(UInt8(ascii: "-")) }
            name.append(isUppercase ? byte | 0x20 : byte)
        }
        return String(decoding: name, as: UTF8.self)
    }

    public static func main() {
        // What an installation keeps is nobody else's to read, wherever its folder is.
        umask(0o077)
        let configuration: Configuration
        do throws(Configuration.Problem) {
            configuration = try Configuration(environment: Environment.value)
        } catch {
            exit(Program.failStart(of: name, error.description))
        }
        let route = boundedRoute(configuration)
        let context = Context(configuration: configuration, route: route)
        let program = program(route, in: context)
        let status = program.run(arguments: CommandLine.arguments)
        context.close()
        // NB: the process ends before the program is given back: that would take longer than to read
        // twenty rows.
        withExtendedLifetime((program, context)) { exit(status) }
    }

    /// The route with the installation's limit for bodies. A form has a little more to it than its
    /// files.
    private static func boundedRoute(_ configuration: Configuration) -> Route {
        var bounded = route
        bounded.maxBodyBytes =
            bounded.bodyKind == .upload ? configuration.maximumUpload + 65_536 : configuration.maximumBody
        return bounded
    }

    private static func program(_ route: Route, in context: Context) -> Program {
        let cors = CORS(origins: context.configuration.allowedOrigins)
        let name = name
        return Program(
            name: name, version: productVersion, methods: route.methods, path: route.path,
            basePath: context.configuration.basePath, maximumBody: route.maxBodyBytes,
            describe: { operation(route).json }, help: { operation(route).help },
            handle: { request in
                context.begin(request)
                // A GET reads from one snapshot, if it asks who calls.
                guard route.method == "GET", access.keepsRights != nil else {
                    return try answer(request, in: context, operation: name)
                }
                return try context.store.snapshot { try answer(request, in: context, operation: name) }
            },
            complete: { request, response in
                if route.method == "GET" {
                    EntityTag.apply(to: &response, for: request)
                }
                if let verdict = context.verdict { response.headers += verdict.headers }
                cors.apply(to: &response, for: request, route: route)
            }, afterwards: { context.recordKeyUse() })
    }

    private static func answer(_ request: Request, in context: Context, operation: String) throws -> Response {
        var caller = try access.authorize(request, context)
        let input = try Fields.read(Input.self, from: request, expecting: route.bodyKind)
        try context.countAttempt(request, input.attempt)
        var response = try reauthorizing(request, &caller, context) { caller in
            try context.once(request, operation: operation, Output.repetition) {
                let reply = try handle(input, by: caller, in: context)
                var response = reply.response()
                if route.method == "GET", Output.isRepresentation { EntityTag.add(to: &response, of: reply) }
                return response
            }
        }
        if case .stream(let produce) = response.body {
            response.body = .stream { stream in
                try reauthorizing(request, &caller, context, attempts: 1) { _ in try produce(stream) }
            }
        }
        return response
    }

    /// Runs `body`, and authorises the request again in each of its writes, on the locked state. A caller who lost all
    /// rights gets the error of the same request now: 401, 403 or 404. One who lost some has `body` run again with those
    /// that remain; nothing has been written then.
    ///
    /// - Parameter attempts: how often `body` may run.
    private static func reauthorizing<T>(
        _ request: Request, _ caller: inout Caller, _ context: Context, attempts: Int = 3,
        _ body: (Caller) throws -> T
    ) throws -> T {
        for attempt in 1...attempts {
            do {
                let authorized = caller
                if route.method != "GET", let keepsRights = access.keepsRights {
                    try context.store.authorizeWrites {
                        if !keepsRights(authorized, try access.authorize(request, context)) { throw LostRights() }
                    }
                }
                return try lookingAgain(request, context) { try body(authorized) }
            } catch is LostRights {
                try context.store.authorizeWrites(by: nil)
                if attempt < attempts { caller = try access.authorize(request, context) }
            }
        }
        throw APIError.forbidden("Your rights changed while the request was being served; send it again")
    }

    /// When it turns out that what the request belongs to was removed since it was let in, the answer is that to the
    /// same request now: 404 for a workspace, 401 for an account.
    private static func lookingAgain<T>(
        _ request: Request, _ context: Context, _ body: () throws -> T
    ) throws -> T {
        do {
            return try body()
        } catch let error as APIError where error.wasRemovedMeanwhile {
            _ = try access.authorize(request, context)
            throw error
        }
    }

    private static func operation(_ route: Route) -> Operation {
        var operation = Operation(name: name, route: route, access: access.name)
        operation.parameters = access.parameters()
        Fields.describe(Input.self, in: &operation)
        operation.parameters += standardHeaders(route)
        operation.responses = Output.descriptions
        return operation
    }

    /// What the pipeline takes on behalf of the endpoint.
    private static func standardHeaders(_ route: Route) -> [Operation.Parameter] {
        var headers: [Operation.Parameter] = []
        if route.method == "GET", Output.isTagged {
            headers.append(
                .header("If-None-Match", length: nil, "An entity tag that you have; 304 if it is still right."))
        }
        if route.isConditional {
            headers.append(.header("If-Match", length: nil, "The entity tag that you read; 412 if it changed since."))
        }
        if case .harmless = Output.repetition { return headers }
        return headers + [
            .header(
                "Idempotency-Key", length: 1...255,
                "Any text of 1 to 255 characters: sent again, it gets the first answer again.")
        ]
    }
}

extension Operation.Parameter {
    fileprivate static func header(_ name: String, length: ClosedRange<Int>?, _ about: String) -> Self {
        var schema: JSONObject = ["type": "string", "description": .string(about)]
        if let length {
            schema["minLength"] = .int(Int64(length.lowerBound))
            schema["maxLength"] = .int(Int64(length.upperBound))
        }
        return Self(name: name, place: .header, isRequired: false, schema: .object(schema))
    }
}

extension RateLimitTable.Verdict {
    fileprivate var headers: [(name: String, value: String)] {
        [
            ("x-ratelimit-limit", String(limit)), ("x-ratelimit-remaining", String(remaining)),
            ("x-ratelimit-reset", String((resetsAt.milliseconds + 999) / 1000)),
        ]
    }
}
