import Endpoint
import Models
import Storage

/// Tells which metadata the documents of a workspace have, so that people can choose filters.
@main struct ListMetadataKeys: Function {
    static let route = Route.get(
        "/workspaces/{workspaceId}/documents/metadata-keys", tag: "Documents", summary: "List the keys of the metadata")
    static let access = Access.member(.viewer)

    static func handle(_ input: NoInput, by member: Member, in call: Call) throws -> MetadataSummary {
        try call.store.documents.metadataSummary(
            of: member.workspaceId, within: SearchBudget(milliseconds: call.configuration.searchBudget))
    }
}
