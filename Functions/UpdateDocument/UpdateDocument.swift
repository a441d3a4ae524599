import Endpoint
import Models
import Wire

/// Renames a document or gives it other metadata; its content stays as it was uploaded.
@main struct UpdateDocument: Function {
    static let route = Route.put(
        "/workspaces/{workspaceId}/documents/{documentId}", tag: "Documents", summary: "Change a document"
    ).conditional()
    static let access = Access.member(.editor)

    struct Input: FunctionInput {
        let documentId: Document.ID
        let name: String?
        let metadata: JSONObject?

        init(from fields: inout Fields) {
            documentId = fields.path("documentId", .id(Document.self), named: "Document")
            name = fields.optional("name", .name(1...255, example: "handbook.md"))
            metadata = fields.optional("metadata", .documentMetadata, "Takes the place of all that was there.")
        }
    }

    static func handle(_ input: Input, by member: Member, in context: Context) throws -> Document {
        let (store, workspace) = (try context.store, member.workspaceId)
        return try store.write {
            guard let current = try store.documents.find(input.documentId, in: workspace)
            else { throw APIError.notFound("Document") }
            try context.requireMatch { current }
            if input.name == nil, input.metadata == nil { return current }
            let document = try store.documents.update(
                input.documentId, in: workspace, name: input.name, metadata: input.metadata, at: context.now)
            try store.events.record(.documentUpdated, in: workspace, at: context.now, document)
            return document
        }
    }
}
