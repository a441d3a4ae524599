import Endpoint
import Models
import Wire

/// Returns the OpenAPI document of the whole API.
@main struct Openapi: Function {
    static let route = Route.get("/openapi.json", tag: "System", summary: "The OpenAPI document").rateLimited(as: .none)
    static let access = Access.anyone

    static func handle(_ input: NoInput, by _: Void, in call: Call) throws -> Contract {
        Contract(basePath: call.configuration.basePath)
    }
}

/// The bare document, not wrapped like other responses, because tools read it.
struct Contract: Reply {
    let basePath: String

    static var descriptions: [Operation.ResponseDescription] {
        [
            Operation.ResponseDescription(
                status: 200, description: "OpenAPI 3.1", contentType: "application/json",
                schema: ["type": "object", "required": ["openapi"]]
            ).tagged
        ]
    }

    func response() -> Response {
        var response = Response.json(200, headers: [("cache-control", "public, max-age=300")]) { writer in
            let server = basePath.isEmpty ? "/" : basePath
            writer.raw(OpenAPIDocument.beforeServer.bytes, with: server, OpenAPIDocument.afterServer.bytes)
        }
        response.entityTag = .body
        return response
    }
}

extension StaticString {
    fileprivate var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
    }
}
