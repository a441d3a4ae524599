import Endpoint
import Models
import Storage

/// Lists the documents of a workspace, newest first.
@main struct ListDocuments: Function {
    static let route = Route.get("/workspaces/{workspaceId}/documents", tag: "Documents", summary: "List documents")
    static let access = Access.member(.viewer)

    struct Input: FunctionInput {
        let page: PageRequest
        let filter: DocumentStore.Filter

        init(from fields: inout Fields) {
            page = fields.pageRequest()
            filter = DocumentStore.Filter(
                search: fields.query("search", .searchText, "In the name."),
                type: fields.query("type", .oneOf(example: DocumentType.pdf)),
                status: fields.query("status", .oneOf(example: Document.Status.processed)))
        }
    }

    static func handle(_ input: Input, by member: Member, in call: Call) throws -> Page<Document> {
        try call.store.documents.list(in: member.workspaceId, filter: input.filter, page: input.page)
    }
}
