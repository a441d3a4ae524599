import FunctionRuntime
import Glibc
import Models
import Platform
import Wire

/// The version of the whole product.
public let productVersion = "0.1.0"

/// One endpoint: its route, who may call it, its input, and the decision it makes. The runtime does everything else:
/// gateways, decoding, validation, authentication, errors and logs.
///
/// ```swift
/// @main struct DeleteWorkspace: Function {
///     static let route = Route.delete("/workspaces/{workspaceId}", tag: "Workspaces", summary: "Delete a workspace")
///     static let access = Access.member(.owner)
///
///     static func handle(_ input: NoInput, by member: Member, in call: Call) throws -> Empty {
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
    /// The longest wait for a database server, if it is to be shorter than `DATABASE_TIMEOUT_MS`.
    static var serverTimeoutMilliseconds: Int? { get }

    /// Makes the decision. An `APIError` that it throws becomes the response; any other error becomes a 500.
    static func handle(_ input: Input, by caller: Caller, in call: Call) throws -> Output
}

extension Function {
    public static var serverTimeoutMilliseconds: Int? { nil }

    /// `ListWorkspaces` → `list-workspaces`, the name of the executable.
    // NB: not `String(describing:)`, which looks up three conformances and builds a mirror to get this name. That takes
    // a quarter of a cold start.
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
        // No other user may read an installation's files, wherever the folder is.
        umask(0o077)
        var configuration: Configuration
        do throws(Configuration.Problem) {
            configuration = try Configuration(environment: Environment.value)
        } catch {
            exit(Program.failStart(of: name, error.description))
        }
        if let serverTimeoutMilliseconds { configuration.limitDatabaseServer(to: serverTimeoutMilliseconds) }
        let route = boundedRoute(configuration)
        let installation = Installation(configuration: configuration)
        let program = program(route, in: installation)
        let status = program.run(arguments: CommandLine.arguments)
        installation.close()
        // NB: exits without freeing the program, which would take longer than reading twenty rows.
        withExtendedLifetime((program, installation)) { exit(status) }
    }

    /// The route with the installation's limits. A form is slightly larger than its files.
    private static func boundedRoute(_ configuration: Configuration) -> Route {
        var bounded = route
        bounded.maxBodyBytes =
            bounded.bodyKind == .upload ? configuration.maximumUpload + 65_536 : configuration.maximumBody
        if bounded.awaitsModel, let model = configuration.model { bounded.timeoutSeconds = model.limits.gateway }
        return bounded
    }

    private static func program(_ route: Route, in installation: Installation) -> Program {
        let cors = CORS(origins: installation.configuration.allowedOrigins)
        let name = name
        return Program(
            name: name, version: productVersion, methods: route.methods, path: route.path,
            basePath: installation.configuration.basePath, maximumBody: route.maxBodyBytes,
            describe: { operation(route).json }, help: { operation(route).help },
            handle: { request in
                installation.finishEarlierRequests()
                installation.dropUnusableStore()
                return try respond(to: request, as: name, route, in: installation)
            },
            complete: { request, response in cors.apply(to: &response, for: request, route: route) },
            afterwards: { installation.finishEarlierRequests() },
            resting: installation.configuration.databaseIdle.map { seconds in
                Program.Resting(afterMilliseconds: Int32(seconds) * 1000) { installation.disconnect() }
            },
            takeRepeatedWrites: { installation.takeRepeatedWrites() })
    }

    private static func operation(_ route: Route) -> Operation {
        var operation = Operation(name: name, route: route, access: access.name)
        operation.parameters = access.parameters()
        Fields.describe(Input.self, in: &operation)
        operation.parameters += standardHeaders(route)
        operation.responses = Output.descriptions
        return operation
    }

    /// The headers that the pipeline reads on behalf of the endpoint.
    private static func standardHeaders(_ route: Route) -> [Operation.Parameter] {
        var headers: [Operation.Parameter] = []
        if route.method == "GET", Output.descriptions.contains(where: \.isTagged) {
            headers.append(
                .header("If-None-Match", length: nil, "An entity tag that you have; 304 if it is still current."))
        }
        if route.isConditional {
            headers.append(.header("If-Match", length: nil, "The entity tag that you read; 412 if it changed since."))
        }
        if route.idempotency == nil { return headers }
        return headers + [
            .header(
                "Idempotency-Key", length: 1...255,
                "Any text of 1 to 255 characters. A repeated request with the same key gets the first response again.")
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
