import Endpoint
import Models
import Wire

/// Prepares an upload that goes around the gateway: the client sends the bytes to a URL of the store of objects, and then
/// makes the document with `uploadId` instead of a file. Only where files are in S3.
@main struct CreateUpload: Function {
    static let route = Route.post(
        "/workspaces/{workspaceId}/documents/uploads", tag: "Documents", summary: "Prepare an upload to S3"
    ).rateLimited(as: .upload)
    static let access = Access.member(.editor)

    struct Input: FunctionInput {
        let size: Int
        let sha256: String

        init(from fields: inout Fields) {
            size = fields.required("size", .integer(1...1 << 30, example: 1024), "The size of the file in bytes.")
            sha256 = fields.required("sha256", .sha256, "The SHA-256 of the file, in hexadecimal.")
        }
    }

    static func handle(_ input: Input, by member: Member, in call: Call) throws -> Created<NewUpload> {
        let upload = Upload(
            id: .new(at: call.now), workspaceId: member.workspaceId, userId: member.user.userId, size: input.size,
            sha256: input.sha256, expiresAt: call.now + Upload.seconds)
        let store = try call.store
        let target = try store.blobs.url(for: upload)
        let limit = call.configuration.maximumUpload
        if input.size > limit { throw APIError.tooLarge("size", limit: limit) }
        try store.write {
            try store.uploads.begin(upload, within: call.configuration.quota, store.documents, at: call.now)
        }
        return Created(NewUpload(upload: upload, url: target.url, headers: target.headers))
    }
}

/// Where to send the bytes, and how.
struct NewUpload: Shaped {
    let upload: Upload
    let url: String
    let headers: [(name: String, value: String)]

    static let shape = Shape<NewUpload>(
        "NewUpload",
        [
            .field("uploadId", "Makes the document once the bytes have been sent.") { $0.upload.id },
            .field("url", "Send the file there with PUT, without credentials.") { $0.url },
            .field(
                "headers", "The headers that the PUT needs, besides `Content-Length`.",
                schema: ["type": "object", "additionalProperties": ["type": "string"]]
            ) { upload in RawJSON(.object(upload.headers.reduce(into: [:]) { $0[$1.name] = .string($1.value) })) },
            .field("expiresAt", "Until when the PUT may begin.") { $0.upload.expiresAt },
        ])
}

extension ValueType where Value == String {
    /// 64 lower-case hexadecimal digits.
    fileprivate static var sha256: ValueType {
        string(
            64...64, example: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", format: nil,
            pattern: "^[0-9a-f]{64}$"
        ) { text throws(Invalid) in
            guard text.utf8.allSatisfy({ ASCII.isDigit($0) || (0x61...0x66).contains($0) }) else {
                throw Invalid("must have 64 hexadecimal digits in lower case")
            }
            return text
        }
    }
}
