import Endpoint
import FunctionRuntime
import Models
import Wire

/// Gives the OpenAPI document of the whole API.
@main struct Openapi: Function {
    static let route = Route.get("/openapi.json", tag: "System", summary: "The OpenAPI document").limited(as: .none)
    static let access = Access.anyone

    static func handle(_ input: NoInput, by _: Void, in context: Context) throws -> Contract { Contract() }
}

/// The document as it is, without the shape that other answers have: tools read it.
struct Contract: Reply {
    static var isRepresentation: Bool { true }
    static var descriptions: [Operation.ResponseDescription] {
        [
            Operation.ResponseDescription(
                status: 200, description: "OpenAPI 3.1", contentType: "application/json",
                schema: ["type": "object", "required": ["openapi"]])
        ]
    }

    func response() -> Response {
        .json(200, headers: [("cache-control", "public, max-age=300")]) { writer in
            writer.raw(UnsafeBufferPointer(start: Document.json.utf8Start, count: Document.json.utf8CodeUnitCount))
        }
    }
}
