import Endpoint
import Ingestion
import Models
import Storage
import Wire

/// A file that was refused, and why.
struct RefusedFile {
    /// Its position among the files of the request, from 0.
    var index: Int
    var name: String
    var error: APIError

    /// The errors that concern only one file.
    static let codes: [APIError.Code] = [.unsupportedMediaType, .documentUnreadable, .quotaExceeded]
}

extension RefusedFile: Shaped {
    static let shape = Shape<RefusedFile>(
        "RefusedFile",
        [
            .field("index", "Its place among the files of the request, from 0.") { $0.index },
            .field("name", example: "photo.png") { $0.name },
            .field("code", example: "UNSUPPORTED_MEDIA_TYPE") { $0.error.code.rawValue },
            .field("message") { $0.error.message },
        ])
}

/// 201 with the document, or with an array for several files; 200 if the workspace already had all of them. For several
/// files, `duplicates` names the ones it already had, and `errors` the ones that could not be read.
struct Uploaded: Reply {
    /// The path of the workspace's documents.
    let location: String
    /// The number of files in the request.
    let fileCount: Int
    var outcomes: [DocumentImport.Outcome] = []
    var refused: [RefusedFile] = []
    /// The rest of the quota; nil without a quota.
    var quota: StorageQuota?

    init(location: String, fileCount: Int) {
        self.location = location
        self.fileCount = fileCount
    }

    /// The error if no file could be read: the first one, with a list of all errors if there were several files.
    var refusal: APIError? {
        guard var error = refused.first?.error else { return nil }
        if fileCount > 1 {
            error.message = "None of the files could be read. \(error.message)"
            error.details = ["errors": .array(refused.map(\.json))]
        }
        return error
    }

    static var descriptions: [Operation.ResponseDescription] {
        [200, 201].map { status in
            var description = Operation.ResponseDescription.success(
                status, schema: ["oneOf": [Document.schema, ["type": "array", "items": Document.schema]]])
            guard var schema = description.schema?.object, var properties = schema["properties"]?.object
            else { return description }
            properties["errors"] = [RefusedFile].schema.describing(
                "Of several files, those that could not be read.")
            properties["duplicates"] = [Document.ID].schema.describing(
                "Of several files, the documents that were there before.")
            if status == 200 { properties["duplicate"] = ["const": true] }
            schema["properties"] = .object(properties)
            description.schema = .object(schema)
            return description
        }
    }

    /// Documents that existed before this request, so not files that occur twice in it.
    private var duplicates: [Document.ID] {
        let new = Set(outcomes.filter { !$0.isDuplicate }.map(\.document.id))
        return outcomes.map(\.document.id).filter { !new.contains($0) }
    }

    func response() -> Response {
        let isNews = outcomes.contains { !$0.isDuplicate }
        var headers = isNews && fileCount == 1 ? [("location", "\(location)/\(outcomes[0].document.id)")] : []
        headers += quota?.headers ?? []
        return .json(isNews ? 201 : 200, headers: headers) { writer in
            writer.object { body in
                body.key("success")
                body.value(true)
                body.key("data")
                if fileCount == 1 {
                    outcomes[0].document.write(to: &body)
                } else {
                    outcomes.map(\.document).write(to: &body)
                }
                if !refused.isEmpty {
                    body.key("errors")
                    refused.write(to: &body)
                }
                if fileCount > 1 {
                    body.key("duplicates")
                    duplicates.write(to: &body)
                }
                if !isNews {
                    body.key("duplicate")
                    body.value(true)
                }
            }
        }
    }
}

extension RefusedFile {
    fileprivate var json: JSON {
        [
            "index": .int(Int64(index)), "name": .string(name), "code": .string(error.code.rawValue),
            "message": .string(error.message),
        ]
    }
}
