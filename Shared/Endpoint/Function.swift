import FunctionRuntime
import Glibc
import Models
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

extension Function {
    /// `ListWorkspaces` → `list-workspaces`, the name of the executable.
    static var name: String {
        String(describing: Self.self).reduce(into: "") { name, character in
            if character.isUppercase, !name.isEmpty { name.append("-") }
            name.append(contentsOf: character.lowercased())
        }
    }

    static func operation(_ configuration: Configuration) -> Operation {
        var described = route
        // A form has a little more to it than its files.
        described.maxBodyBytes =
            described.bodyKind == .upload ? configuration.maximumUpload + 65_536 : configuration.maximumBody
        var operation = Operation(name: name, route: described, access: access.name)
        operation.parameters = access.parameters
        Fields.describe(Input.self, in: &operation)
        operation.responses = Output.descriptions
        return operation
    }

    public static func main() {
        let configuration: Configuration
        do throws(Configuration.Problem) {
            configuration = try Configuration(environment: Environment.current())
        } catch {
            Log.write(.error, "\(name) cannot start: \(error)")
            exit(78)
        }
        exit(run(configuration))
    }

    private static func run(_ configuration: Configuration) -> Int32 {
        let context = Context(configuration: configuration)
        let program = Program(
            operation: operation(configuration), version: productVersion, basePath: configuration.basePath
        ) { request in
            context.now = .now()
            let caller = try access.authorize(request, context)
            let input = try Fields.read(Input.self, from: request)
            return try handle(input, by: caller, in: context).response()
        }
        return program.run(arguments: CommandLine.arguments)
    }
}
