import Endpoint
import Models

/// Returns a document's properties.
@main struct GetDocument: Function {
    static let route = Route.get(
        "/workspaces/{workspaceId}/documents/{documentId}", tag: "Documents", summary: "Show a document")
    static let access = Access.member(.viewer)

    struct Input: FunctionInput {
        let documentId: Document.ID

        init(from fields: inout Fields) {
            documentId = fields.path("documentId", .id(Document.self), named: "Document")
        }
    }

    static func handle(_ input: Input, by member: Member, in call: Call) throws -> Document {
        let documents = try call.store.documents
        return try documents.describe(documents.get(input.documentId, in: member.workspaceId))
    }
}
