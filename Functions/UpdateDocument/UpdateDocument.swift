import Endpoint
import Models

/// Renames a document or replaces its metadata. The content never changes.
@main struct UpdateDocument: Function {
    static let route = Route.put(
        "/workspaces/{workspaceId}/documents/{documentId}", tag: "Documents", summary: "Change a document"
    ).conditional()
    static let access = Access.member(.editor)

    struct Input: FunctionInput {
        let documentId: Document.ID
        let change: Document.Change

        init(from fields: inout Fields) {
            documentId = fields.path("documentId", .id(Document.self), named: "Document")
            change = Document.Change(
                name: fields.optional("name", .name(1...255, example: "handbook.md")),
                metadata: fields.optional("metadata", .documentMetadata, "Replaces all metadata."))
        }
    }

    static func handle(_ input: Input, by member: Member, in call: Call) throws -> Document {
        let store = try call.store
        let renaming = try input.change.name.flatMap {
            try store.documents.prepareRename(of: input.documentId, in: member.workspaceId, to: $0)
        }
        return try call.update(with: input.change) {
            try store.documents.get(input.documentId, in: member.workspaceId)
        } save: { document in
            try store.documents.save(document, renaming)
            try store.events.record(.documentUpdated, in: member.workspaceId, at: call.now, document)
        }
    }
}
