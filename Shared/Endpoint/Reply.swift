import Accounts
import FunctionRuntime
import Models
import Wire

/// What a handler returns: a model, a page of models, or one of the wrappers below.
public protocol Reply {
    /// What the endpoint answers when all is well, for its description.
    static var descriptions: [Operation.ResponseDescription] { get }
    /// How a request that is sent twice with one `Idempotency-Key` is kept from being done twice.
    static var repetition: Repetition { get }
    /// Whether the answer to a GET is one resource as it stands now, which gets an entity tag.
    static var isRepresentation: Bool { get }
    /// Whether the answer to a GET has an entity tag.
    static var isTagged: Bool { get }
    /// The part of its entity tag that `If-Match` compares; nil when that is the whole.
    var stateTag: String? { get }
    /// The answer itself.
    func response() -> Response
}

extension Reply {
    public static var repetition: Repetition { .harmless }
    public static var isRepresentation: Bool { false }
    public static var isTagged: Bool { isRepresentation }
    public var stateTag: String? { nil }
}

/// `{"success": true, "data": …}`: for single resources.
public protocol Resource: JSONRepresentable, Reply {
    /// The resource with what changes by itself, such as a counter, set to nothing: two of the same state
    /// differ in nothing that a client could overwrite. Nil when there is no such part.
    var state: Self? { get }
}

extension Resource {
    public static var descriptions: [Operation.ResponseDescription] {
        [.success(200, schema: Self.schema)]
    }
    public static var isRepresentation: Bool { true }
    public var state: Self? { nil }
    public var stateTag: String? { state == nil ? nil : EntityTag.state(of: self) }
    public func response() -> Response { .success(200, self) }
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
    /// The role is the caller's own, and no part of what others see.
    public var state: Workspace? {
        var state = self
        (state.documentCount, state.conversationCount, state.role) = (0, 0, .viewer)
        return state
    }
}
extension Document: Resource {}
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

/// `Created` for what takes too long to be done under the database's write lock, such as hashing a
/// password.
public struct CreatedSlowly<Item: JSONRepresentable>: Reply {
    private let created: Created<Item>

    public init(_ item: Item, location: String? = nil, message: String? = nil) {
        created = Created(item, location: location, message: message)
    }

    public static var descriptions: [Operation.ResponseDescription] { Created<Item>.descriptions }
    public static var repetition: Repetition { .claimed }
    public func response() -> Response { created.response() }
}

/// 201 with the new resource, and where it is.
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
    public static var repetition: Repetition { .inTransaction }

    public func response() -> Response {
        .success(201, item, message: message, headers: location.map { [("location", $0)] } ?? [])
    }
}

/// 200 with a resource and a word about it.
public struct Done<Item: JSONRepresentable>: Reply {
    private let item: Item
    private let message: String

    public init(_ item: Item, message: String) {
        self.item = item
        self.message = message
    }

    public static var descriptions: [Operation.ResponseDescription] { [.success(200, schema: Item.schema)] }
    public func response() -> Response { .success(200, item, message: message) }
}

/// 200 for what leaves nothing to show, such as a deletion: `data` is an empty object.
public struct Acknowledged: Reply {
    private let message: String

    public init(_ message: String) { self.message = message }

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
