import Endpoint
import Models
import Platform
import Storage
import Wire

/// Compares the search index with the documents, and has `run-jobs` index again what differs. It has no route:
/// operators call it, while the installation serves requests.
@main struct CheckIndex: Function {
    static let route = Route.internal(summary: "Check the search index, or repair it").timeout(seconds: 86_400)
    static let access = Access.operator

    struct Input: FunctionInput {
        let workspaceId: Workspace.ID?
        let repair: Bool

        init(from fields: inout Fields) {
            workspaceId = fields.optional("workspaceId", .id(Workspace.self), "All workspaces if absent.")
            repair =
                fields.optional(
                    "repair", .flag, "Enqueue the documents that differ; the next calls of `run-jobs` index them.")
                ?? false
        }
    }

    /// Seconds between lines of progress.
    private static let interval = 5

    static func handle(_ input: Input, by _: Void, in call: Call) throws -> IndexCheckReport {
        let store = try call.store
        var report = IndexCheckReport()
        var workspaces: [Workspace.ID]
        if let only = input.workspaceId {
            guard try store.workspaces.exists(only) else { throw APIError.notFound("Workspace") }
            workspaces = [only]
        } else {
            workspaces = try store.passages.workspacesToCheck()
        }
        var next = Moment.now + interval
        for workspace in workspaces {
            let found = try store.passages.report(on: workspace)
            report.add(found, of: workspace)
            if input.repair {
                report.enqueued = try (report.enqueued ?? 0) + store.passages.repair(workspace, found)
            }
            if Moment.now >= next {
                next = Moment.now + interval
                let done = "\(report.workspaces) of \(workspaces.count) workspaces, \(report.passages) passages"
                Log.write(.info, "Checked \(done)")
            }
        }
        return report
    }
}

struct IndexCheckReport: DataReply, Shaped {
    /// The most workspaces that are listed, and the most differences of each.
    private static let listedWorkspaces = 100
    private static let listedDifferences = 20

    /// The differences in one workspace.
    struct Workspace: Shaped {
        let workspaceId: Models.Workspace.ID
        let count: Int
        let differences: [String]

        static let shape = Shape<Workspace>(
            "IndexDifferences",
            [
                .field("workspaceId") { $0.workspaceId },
                .field("count", "All differences.") { $0.count },
                .field("differences", "In words; \(listedDifferences) at most.") { $0.differences },
            ])
    }

    private(set) var workspaces = 0
    private(set) var passages = 0
    private(set) var differing = 0
    private(set) var differences: [Workspace] = []
    var enqueued: Int?

    mutating func add(_ found: IndexReport, of workspace: Models.Workspace.ID) {
        workspaces += 1
        passages += found.passages
        guard !found.differences.isEmpty else { return }
        differing += 1
        guard differences.count < Self.listedWorkspaces else { return }
        differences.append(
            Workspace(
                workspaceId: workspace, count: found.differences.count,
                differences: Array(found.differences.prefix(Self.listedDifferences))))
    }

    static let shape = Shape<IndexCheckReport>(
        "IndexCheckReport",
        [
            .field("ok", "Whether the index has the passages of the documents, and nothing else.") {
                $0.differing == 0
            },
            .field("workspaces", "The workspaces that were checked.") { $0.workspaces },
            .field("passages", "The passages that search finds there.") { $0.passages },
            .field("differing", "The workspaces with differences.") { $0.differing },
            .field("differences", "Those of \(listedWorkspaces) workspaces at most.") { $0.differences },
            .optional("enqueued", "The documents that will be indexed again, if `repair` was given.") { $0.enqueued },
        ])
}
