import Accounts
import FunctionRuntime
import Models
import Wire

/// What a handler returns: a model, a page of models, or one of the wrappers below.
public protocol Reply {
    /// The successful responses, for the endpoint's description.
    static var descriptions: [Operation.ResponseDescription] { get }
    func response() -> Response
}

/// `{"success": true, "data": …}`.
public protocol DataReply: JSONRepresentable, Reply {}

extension DataReply {
    public static var descriptions: [Operation.ResponseDescription] { [.success(200, schema: Self.schema)] }
    public func response() -> Response { .success(200, self) }
}

/// A single resource. A GET's response has an entity tag.
public protocol Resource: DataReply {
    /// The resource without what changes by itself, such as a counter. Two resources with the same state differ in
    /// nothing that a client could overwrite. Nil if no part of the resource changes by itself.
    var state: Self? { get }
}

extension Resource {
    public static var descriptions: [Operation.ResponseDescription] { [.success(200, schema: Self.schema).tagged] }
    public var state: Self? { nil }
    public func response() -> Response {
        var response = Response.success(200, self)
        response.entityTag = state == nil ? .body : .stateAndBody { EntityTag.state(of: self) }
        return response
    }
}

extension SignedIn: Resource {}
extension User: Resource {
    public var state: User? {
        var state = self
        state.lastLoginAt = nil
        return state
    }
}
extension Workspace: Resource {
    /// The role is the caller's own and not part of the shared state.
    public var state: Workspace? {
        var state = self
        (state.documentCount, state.conversationCount, state.role) = (0, 0, .viewer)
        return state
    }
}
extension Document: Resource {
    /// Jobs embed the passages.
    public var state: Document? {
        var state = self
        if embedding.status == .failed { state.error = nil }
        state.embedding = .off
        return state
    }
}
extension Conversation: Resource {
    public var state: Conversation? {
        var state = self
        (state.messageCount, state.lastMessageAt) = (0, createdAt)
        return state
    }
}
extension NewAPIKey: Resource {}
extension Webhook: Resource {}
extension Delivery: Resource {}
extension WorkspaceMember: Resource {}
extension SearchAnswer: DataReply {}
extension MetadataSummary: DataReply {}

extension Page: Reply {
    public static var descriptions: [Operation.ResponseDescription] {
        let schema: JSON = [
            "type": "object", "required": ["success", "data", "pagination"],
            "properties": [
                "success": ["const": true], "data": [Item].schema, "pagination": Pagination.schema,
            ],
        ]
        return [
            Operation.ResponseDescription(
                status: 200, description: "One page of the listing", contentType: "application/json", schema: schema)
        ]
    }

    public func response() -> Response {
        .json(200) { writer in
            writer.object { body in
                body.key("success")
                body.value(true)
                body.key("data")
                writeItems(to: &body)
                body.key("pagination")
                Pagination(page: request.page, limit: request.limit, total: total).write(to: &body)
            }
        }
    }
}

private struct Pagination: Shaped {
    var page: Int
    var limit: Int
    var total: Int
    var totalPages: Int { (total + limit - 1) / limit }

    static let shape = Shape<Pagination>(
        "Pagination",
        [
            .field("page") { $0.page },
            .field("limit") { $0.limit },
            .field("total", "Items in all.") { $0.total },
            .field("totalPages") { $0.totalPages },
            .field("hasNext") { $0.page < $0.totalPages },
            .field("hasPrev") { $0.page > 1 },
        ])
}

/// 201 with the new resource and its path.
public struct Created<Item: JSONRepresentable>: Reply {
    private let item: Item
    private let location: String?
    private let message: String?

    public init(_ item: Item, location: String? = nil, message: String? = nil) {
        self.item = item
        self.location = location
        self.message = message
    }

    public static var descriptions: [Operation.ResponseDescription] { [.success(201, schema: Item.schema)] }

    public func response() -> Response {
        .success(201, item, message: message, headers: location.map { [("location", $0)] } ?? [])
    }
}

/// 200 with a message and no data, for instance after a deletion.
public struct Empty: Reply {
    private let message: String

    public init(message: String) { self.message = message }

    public static var descriptions: [Operation.ResponseDescription] { [.success(200, schema: ["type": "object"])] }

    public func response() -> Response { .success(200, JSON.object([:]), message: message) }
}

extension Response {
    public static func success(
        _ status: Int, _ data: some JSONRepresentable, message: String? = nil,
        headers: [(name: String, value: String)] = []
    ) -> Response {
        .json(status, headers: headers) { writer in
            writer.object { body in
                body.key("success")
                body.value(true)
                body.key("data")
                data.write(to: &body)
                if let message {
                    body.key("message")
                    body.value(message)
                }
            }
        }
    }
}

extension Operation.ResponseDescription {
    public static func success(_ status: Int, schema: JSON) -> Self {
        Self(
            status: status, description: status == 201 ? "Created" : "Success", contentType: "application/json",
            schema: [
                "type": "object", "required": ["success", "data"],
                "properties": ["success": ["const": true], "data": schema, "message": ["type": "string"]],
            ])
    }
}
