import HTTP
import Wire

/// An error as callers see it: one of the contract's codes, a sentence, and details that help to fix it.
///
/// The cause, which callers must not see, is kept apart and goes only to the log.
public struct APIError: Error {
    public enum Code: String, CaseIterable, Sendable {
        case badRequest = "BAD_REQUEST"
        case unauthorized = "UNAUTHORIZED"
        case invalidCredentials = "INVALID_CREDENTIALS"
        case tokenExpired = "TOKEN_EXPIRED"
        case tokenRevoked = "TOKEN_REVOKED"
        case forbidden = "FORBIDDEN"
        case accountSuspended = "ACCOUNT_SUSPENDED"
        case notFound = "NOT_FOUND"
        case methodNotAllowed = "METHOD_NOT_ALLOWED"
        case conflict = "CONFLICT"
        case preconditionFailed = "PRECONDITION_FAILED"
        case rangeNotSatisfiable = "RANGE_NOT_SATISFIABLE"
        case payloadTooLarge = "PAYLOAD_TOO_LARGE"
        case quotaExceeded = "QUOTA_EXCEEDED"
        case unsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"
        case validation = "VALIDATION_ERROR"
        case documentUnreadable = "DOCUMENT_UNREADABLE"
        case idempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED"
        case rateLimitExceeded = "RATE_LIMIT_EXCEEDED"
        case internalError = "INTERNAL_ERROR"
        case serviceUnavailable = "SERVICE_UNAVAILABLE"
        case modelUnavailable = "LLM_UNAVAILABLE"
        case modelRejected = "LLM_REJECTED"
    }

    public var code: Code
    public var message: String
    public var details: JSON?
    /// Extra response headers, such as `Retry-After` or `Allow`.
    public var headers: [(name: String, value: String)]
    /// For the log only.
    public var cause: String?
    /// The resource's parent existed when the request was authorised, but has been removed since.
    public private(set) var isParentRemoved = false

    public init(
        _ code: Code, _ message: String, details: JSON? = nil,
        headers: [(name: String, value: String)] = [], cause: String? = nil
    ) {
        self.code = code
        self.message = message
        self.details = details
        self.headers =
            headers + code.standardHeaders.filter { standard in !headers.contains { $0.name == standard.name } }
        self.cause = cause
    }
}

extension APIError.Code {
    public var status: Int {
        switch self {
        case .badRequest: 400
        case .unauthorized, .invalidCredentials, .tokenExpired, .tokenRevoked: 401
        case .forbidden, .accountSuspended: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .conflict: 409
        case .preconditionFailed: 412
        // Not 507 for a quota: clients and proxies retry 5xx.
        case .payloadTooLarge, .quotaExceeded: 413
        case .unsupportedMediaType: 415
        case .rangeNotSatisfiable: 416
        case .validation, .documentUnreadable, .idempotencyKeyReused: 422
        case .rateLimitExceeded: 429
        case .internalError: 500
        case .modelRejected: 502
        case .serviceUnavailable, .modelUnavailable: 503
        }
    }

    fileprivate var standardHeaders: [(name: String, value: String)] {
        switch status {
        case 401: [("www-authenticate", "Bearer")]
        case 503: [("retry-after", "1")]
        default: []
        }
    }
}

// MARK: The common ones

extension APIError {
    /// The same words for what does not exist and for what the caller must not know about.
    public static func notFound(_ what: String) -> APIError { APIError(.notFound, "\(what) not found") }

    public static func forbidden(_ message: String) -> APIError { APIError(.forbidden, message) }

    public static func internalError(cause: String) -> APIError {
        APIError(
            .internalError, "Something went wrong on our side. The request id helps us to find out what.", cause: cause)
    }

    /// For a body, or a file in it, of more than `limit` bytes.
    public static func tooLarge(_ what: String, limit: Int) -> APIError {
        APIError(
            .payloadTooLarge, "The \(what) is larger than \(limit) bytes", details: ["maxBytes": .int(Int64(limit))])
    }

    /// For a resource whose parent was removed after it was found.
    public static func parentRemoved(cause: String) -> APIError {
        var error = APIError(.conflict, "The parent resource has just been deleted", cause: cause)
        error.isParentRemoved = true
        return error
    }

    /// Lists every invalid field; the first is repeated where simple clients look.
    public static func validation(_ errors: [FieldError]) -> APIError {
        APIError(.validation, "Invalid input parameters", details: details(of: errors))
    }

    /// For a value that is malformed, as a query parameter can be. Lists every invalid field, too.
    public static func malformed(_ errors: [FieldError]) -> APIError {
        APIError(.badRequest, errors.first?.reason ?? "Malformed body", details: details(of: errors))
    }

    private static func details(of errors: [FieldError]) -> JSON {
        let list = errors.map { JSON.object(["field": .string($0.field), "reason": .string($0.reason)]) }
        let first = errors.first ?? FieldError(field: "body", reason: "Invalid")
        return ["field": .string(first.field), "reason": .string(first.reason), "errors": .array(list)]
    }

    public static func validation(_ field: String, _ reason: String) -> APIError {
        validation([FieldError(field: field, reason: reason)])
    }
}

/// What is wrong with one field, as a sentence.
public struct FieldError: Equatable, Sendable {
    public var field: String
    public var reason: String

    public init(field: String, reason: String) {
        self.field = field
        self.reason = reason
    }
}

extension APIError: JSONRepresentable {
    public static var schema: JSON {
        [
            "title": "Error", "type": "object", "required": ["success", "error"],
            "properties": [
                "success": ["const": false],
                "error": [
                    "type": "object", "required": ["code", "message", "requestId"],
                    "properties": [
                        "code": ["type": "string", "enum": .array(Code.allCases.map { .string($0.rawValue) })],
                        "message": ["type": "string"], "details": ["type": "object"], "requestId": ["type": "string"],
                    ],
                ],
            ],
        ]
    }

    /// The error object without a request id, for places that have no id.
    public func write(to writer: inout JSONWriter) { write(to: &writer, requestId: nil) }

    /// The whole body of an error response.
    public func write(to writer: inout JSONWriter, requestId: String?) {
        ErrorEnvelope.write(
            to: &writer, code: code.rawValue, message: message, details: details, requestId: requestId)
    }
}
