import Endpoint
import Models

/// Lists the passages by which a document is searched and cited, in text order.
@main struct ListDocumentChunks: Function {
    static let route = Route.get(
        "/workspaces/{workspaceId}/documents/{documentId}/chunks", tag: "Documents", summary: "List a document's chunks"
    )
    static let access = Access.member(.viewer)

    struct Input: FunctionInput {
        let documentId: Document.ID
        let page: PageRequest

        init(from fields: inout Fields) {
            documentId = fields.path("documentId", .id(Document.self), named: "Document")
            page = fields.pageRequest()
        }
    }

    static func handle(_ input: Input, by member: Member, in call: Call) throws -> Page<Passage> {
        let store = try call.store
        let document = try store.documents.get(input.documentId, in: member.workspaceId)
        return try store.passages.list(of: document.id, page: input.page)
    }
}
