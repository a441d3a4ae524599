import FunctionRuntime
import Models
import Wire

/// The input of an endpoint, written once: the initialiser that reads the fields also describes them.
///
/// ```swift
/// struct Input: FunctionInput {
///     let name: String
///     init(from fields: inout Fields) {
///         name = fields.required("name", .name(1...100))
///     }
/// }
/// ```
/// The initialiser runs in two modes. For a request, `fields` reads and checks values, and collects every error. For
/// `--describe`, it records names and types and returns examples. So the initialiser must read every field in every
/// run: no field may depend on the value of another.
public protocol FunctionInput {
    init(from fields: inout Fields)

    /// The credentials of a login attempt, so that attempts can be counted.
    var attempt: Attempt? { get }
}

extension FunctionInput {
    public var attempt: Attempt? { nil }
}

/// The credentials of an attempt to log in or register.
public enum Attempt: Sendable {
    /// An e-mail address and a password, for an existing or a new account.
    case password(email: String)
    case refreshToken(String)
}

/// For endpoints that take no input.
public struct NoInput: FunctionInput {
    public init(from fields: inout Fields) {}
}

/// The source that a `FunctionInput` reads from.
public struct Fields {
    enum Source {
        case request(Request, body: JSONObject, form: MultipartForm?)
        case description
    }

    let source: Source
    var bodyErrors: [FieldError] = []
    private var isMalformed = false
    private var queryErrors: [FieldError] = []
    private var missing: String?

    private var parameters: [Operation.Parameter] = []
    var bodyProperties = JSONObject()
    var bodyRequired: [JSON] = []
    private var bodyAlternatives: [JSON] = []
    var isForm = false
    /// Of a body of JSON that may come instead of a form.
    var alternativeProperties = JSONObject()
    var alternativeRequired: [JSON] = []

    private init(_ source: Source) { self.source = source }

    // MARK: Reading

    /// Reads and checks `Input`. Throws the first that applies: 404 for an impossible path, 400 for an invalid query,
    /// and 415, 400 or 422 for an invalid body.
    /// - Parameter kind: the expected kind of body.
    public static func read<Input: FunctionInput>(
        _: Input.Type, from request: Request, expecting kind: Route.BodyKind
    ) throws -> Input {
        var fields =
            switch kind {
            case .json: Fields(.request(request, body: try jsonBody(of: request), form: nil))
            case .upload where hasJSON(request): Fields(.request(request, body: try jsonBody(of: request), form: nil))
            case .upload: Fields(.request(request, body: [:], form: try multipartForm(of: request)))
            }
        let input = Input(from: &fields)
        if let missing = fields.missing { throw APIError.notFound(missing) }
        if let error = fields.queryErrors.first {
            throw APIError(
                .badRequest, error.reason, details: ["field": .string(error.field), "reason": .string(error.reason)])
        }
        if fields.isMalformed { throw APIError.malformed(fields.bodyErrors) }
        if !fields.bodyErrors.isEmpty { throw APIError.validation(fields.bodyErrors) }
        return input
    }

    /// The body as an object. A missing body is read as an empty one, so that the error names the required fields. A
    /// body on a GET is ignored (RFC 9110 section 9.3.1).
    private static func jsonBody(of request: Request) throws -> JSONObject {
        if request.body.isEmpty || request.method == "GET" || request.method == "HEAD" { return JSONObject() }
        if !request.isBare || request.header("content-type") != nil {
            let type = request.header("content-type")?.prefix(beforeAnyOf: ";").trimmed.lowercasedASCII ?? ""
            guard type == "application/json" || type.ends(withBytes: "+json") else {
                throw APIError(.unsupportedMediaType, "Send the body as JSON, with Content-Type: application/json")
            }
        }
        let json: JSON
        do throws(JSONError) {
            json = try request.body.withUnsafeBufferPointer { bytes throws(JSONError) in try JSONReader.parse(bytes) }
        } catch {
            throw APIError(.badRequest, "The body is not valid JSON: \(error)")
        }
        guard let object = json.object else {
            throw APIError.validation("body", "body must be a JSON object")
        }
        return object
    }

    private static func multipartForm(of request: Request) throws -> MultipartForm? {
        // For a missing body, the error names the required fields.
        guard !request.body.isEmpty else { return nil }
        guard let type = request.header("content-type"), type.lowercasedASCII.starts(withBytes: "multipart/form-data")
        else {
            throw APIError(.unsupportedMediaType, "Send the files as a form, with Content-Type: multipart/form-data")
        }
        return try MultipartForm(body: request.body, contentType: type)
    }

    // MARK: Describing

    /// Adds the description of `Input`.
    public static func describe<Input: FunctionInput>(_: Input.Type, in operation: inout Operation) {
        var fields = Fields(.description)
        _ = Input(from: &fields)
        operation.parameters += fields.parameters
        guard !fields.bodyProperties.isEmpty else { return }
        var schema: JSONObject = [
            "type": "object", "properties": .object(fields.bodyProperties), "required": .array(fields.bodyRequired),
        ]
        if !fields.bodyAlternatives.isEmpty { schema["oneOf"] = .array(fields.bodyAlternatives) }
        operation.requestBody = Operation.RequestBody(
            contentType: fields.isForm ? "multipart/form-data" : "application/json", schema: .object(schema),
            isRequired: !fields.bodyRequired.isEmpty)
        guard !fields.alternativeRequired.isEmpty else { return }
        operation.requestBody?.jsonSchema = [
            "type": "object", "properties": .object(fields.alternativeProperties),
            "required": .array(fields.alternativeRequired),
        ]
    }

    // MARK: Fields

    /// A path parameter. A malformed one, such as an id with the wrong prefix, is a 404.
    public mutating func path<V>(_ name: String, _ type: ValueType<V>, named what: String) -> V {
        switch source {
        case .description:
            record(name, in: .path, type, "", required: true)
        case .request(let request, _, _):
            do throws(Invalid) {
                return try type.parseText(request.pathParameter(name) ?? "")
            } catch {
                missing = missing ?? what
            }
        }
        return type.example
    }

    /// A query parameter with a default.
    public mutating func query<V>(_ name: String, _ type: ValueType<V>, default value: V, _ about: String = "") -> V {
        query(name, type, about) ?? value
    }

    /// A query parameter that may be absent. One without a value is malformed, not absent, unless an empty text is
    /// valid.
    public mutating func query<V>(_ name: String, _ type: ValueType<V>, _ about: String = "") -> V? {
        switch source {
        case .description:
            record(name, in: .query, type, about, required: false)
        case .request(let request, _, _):
            guard let text = request.queryValue(name) else { return nil }
            do throws(Invalid) {
                return try type.parseText(text)
            } catch {
                queryErrors += error.fieldErrors(in: name)
            }
        }
        return nil
    }

    /// A request header that may be absent.
    public mutating func header(_ name: String, _ about: String) -> String? {
        switch source {
        case .description:
            record(name, in: .header, .text(0...Int.max), about, required: false)
            return nil
        case .request(let request, _, _):
            return request.header(name.lowercasedASCII)
        }
    }

    /// A required field of the body.
    public mutating func required<V>(_ name: String, _ type: ValueType<V>, _ about: String = "") -> V {
        if let value = body(name, type, about, required: true) { return value }
        return type.example
    }

    /// A field of the body that may be absent or null.
    public mutating func optional<V>(_ name: String, _ type: ValueType<V>, _ about: String = "") -> V? {
        body(name, type, about, required: false)
    }

    /// Exactly one of these fields of the body is required.
    public mutating func exactlyOne(of names: [String]) {
        switch source {
        case .description:
            bodyAlternatives = names.map { name in
                ["required": [.string(name)], "properties": .object([name: ["not": ["type": "null"]]])]
            }
        case .request(_, let body, _):
            let given = names.filter { body[$0].map { !$0.isNull } ?? false }
            if given.count != 1, let first = names.first {
                bodyErrors.append(
                    FieldError(field: first, reason: "Give exactly one of \(names.joined(separator: ", "))"))
            }
        }
    }

    /// The requested page of a listing.
    public mutating func pageRequest() -> PageRequest {
        PageRequest(
            page: query("page", .integer(1...1_000_000), default: 1, "1 for the first page."),
            limit: query("limit", .integer(1...100), default: 20, "How many items a page has."))
    }

    mutating func body<V>(_ name: String, _ type: ValueType<V>, _ about: String, required: Bool) -> V? {
        switch source {
        case .description:
            bodyProperties[name] = (required ? type.schema() : type.schema().orNull).describing(about)
            if required { bodyRequired.append(.string(name)) }
            return nil
        case .request(_, let body, _):
            guard let json = body[name], !json.isNull else {
                if required { bodyErrors.append(FieldError(field: name, reason: "\(name) is required")) }
                return nil
            }
            do throws(Invalid) {
                return try type.parse(json)
            } catch {
                bodyErrors += error.fieldErrors(in: name)
                isMalformed = isMalformed || error.isMalformed
                return nil
            }
        }
    }

    private mutating func record<V>(
        _ name: String, in place: Operation.Parameter.Place, _ type: ValueType<V>, _ about: String, required: Bool
    ) {
        parameters.append(
            Operation.Parameter(name: name, place: place, isRequired: required, schema: type.schema().describing(about))
        )
    }
}

extension Invalid {
    func fieldErrors(in name: String) -> [FieldError] {
        parts.map { part in
            let field = part.path(within: name)
            return FieldError(field: field, reason: "\(field) \(part.reason)")
        }
    }
}
