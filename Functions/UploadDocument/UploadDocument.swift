import Endpoint
import FunctionRuntime
import Library
import Models
import Wire

/// Takes files into a workspace. When it answers, search finds them.
@main struct UploadDocument: Function {
    static let route = Route.post(
        "/workspaces/{workspaceId}/documents", tag: "Documents", summary: "Upload documents"
    ).accepting(.upload).lasting(seconds: 120).limited(as: .upload)
    static let access = Access.member(.editor)

    struct Input: FunctionInput {
        let files: [MultipartForm.Part]
        let name: String?
        let metadata: JSONObject

        init(from fields: inout Fields) {
            files = fields.files("file", "The document; may be repeated.")
            name = fields.formField("name", .name(1...255, example: "handbook.md"), "Instead of the file's own name.")
            metadata = fields.formField("metadata", .object(maxBytes: 16_384), "Key-value pairs of your own.") ?? [:]
        }
    }

    static func handle(_ input: Input, by member: Member, in context: Context) throws -> Uploaded {
        let documents = DocumentImport(into: try context.store)
        return Uploaded(
            outcomes: try input.files.map { part in
                let file = DocumentImport.File(
                    name: input.name ?? FileName.clean(part.fileName ?? ""), declaredType: part.contentType,
                    content: Array(part.content))
                return try documents.add(
                    file, to: member.workspaceId, metadata: input.metadata, by: member.user.userId, at: context.now)
            },
            workspaceId: member.workspaceId)
    }
}

/// 201 with the document, an array for several files; 200 when the workspace had them all already.
struct Uploaded: Reply {
    let outcomes: [DocumentImport.Outcome]
    let workspaceId: Workspace.ID

    static var descriptions: [Operation.ResponseDescription] {
        let schema: JSON = ["oneOf": [Document.schema, ["type": "array", "items": Document.schema]]]
        return [.success(201, schema: schema), .success(200, schema: schema)]
    }

    /// Reading a large document takes seconds.
    static var repetition: Repetition { .claimed(seconds: UploadDocument.route.timeoutSeconds) }

    func response() -> Response {
        let isNews = outcomes.contains { !$0.isDuplicate }
        let location = "/api/v1/workspaces/\(workspaceId)/documents/"
        let headers = isNews && outcomes.count == 1 ? [("location", "\(location)\(outcomes[0].document.id)")] : []
        return .json(isNews ? 201 : 200, headers: headers) { writer in
            writer.object { body in
                body.key("success")
                body.value(true)
                body.key("data")
                if outcomes.count == 1 {
                    outcomes[0].document.write(to: &body)
                } else {
                    outcomes.map(\.document).write(to: &body)
                }
                if !isNews {
                    body.key("duplicate")
                    body.value(true)
                }
            }
        }
    }
}

/// File names as clients send them.
enum FileName {
    /// Without folders and control characters, at most 255 characters, never empty.
    static func clean(_ name: String) -> String {
        let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
        let visible = last.unicodeScalars.filter { $0.properties.generalCategory != .control }
        let cleaned = String(String.UnicodeScalarView(visible.prefix(255))).trimmed
        return cleaned.isEmpty ? "untitled" : cleaned
    }
}
