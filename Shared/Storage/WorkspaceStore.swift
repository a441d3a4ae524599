import Language
import Models
import Wire

/// Workspaces, and who may do what in them.
public struct WorkspaceStore {
    let database: Database

    /// The columns that a listing encodes.
    static let encoded = EncodedColumns(of: Workspace.self)

    /// Who requests a listing.
    public enum Viewer {
        /// A user sees the workspaces they are a member of.
        case member(User.ID)
        /// An administrator sees all workspaces.
        case administrator(User.ID)

        fileprivate var user: User.ID {
            switch self {
            case .member(let user), .administrator(let user): user
            }
        }
    }

    public enum Sort: String, JSONWord, Sendable {
        case name
        case nameDescending = "-name"
        case createdAt
        case createdAtDescending = "-createdAt"
        case updatedAt
        case updatedAtDescending = "-updatedAt"

        /// Identifiers sort by age, so the order of creation needs no extra column. The index of memberships contains
        /// them.
        fileprivate var isByAge: Bool { self == .createdAt || self == .createdAtDescending }

        fileprivate func order(id: SQL) -> SQL {
            switch self {
            case .name: "w.name_key, \(id)"
            case .nameDescending: "w.name_key DESC, \(id) DESC"
            case .createdAt: id
            case .createdAtDescending: "\(id) DESC"
            case .updatedAt: "w.updated_at, \(id)"
            case .updatedAtDescending: "w.updated_at DESC, \(id) DESC"
            }
        }
    }

    public func list(for viewer: Viewer, search: String?, sort: Sort, page: PageRequest) throws -> Page<Workspace> {
        let matching: SQL = search.map { "w.search_key LIKE \(likePattern(containing: $0)) ESCAPE '\\'" } ?? "TRUE"
        let joined = Self.joined(viewer.user)
        // `source` has whole workspaces. `narrow` has their ids, which suffice if neither the search nor the order
        // needs other columns.
        let (source, narrow, id): (SQL, SQL, SQL)
        switch viewer {
        case .member(let user):
            source = "members r JOIN workspaces w ON w.id = r.workspace_id WHERE r.user_id = \(user) AND \(matching)"
            narrow = search == nil ? "members r WHERE r.user_id = \(user)" : source
            id = "r.workspace_id"
        case .administrator:
            source = "\(joined) WHERE \(matching)"
            (narrow, id) = (search == nil ? "workspaces w" : "workspaces w WHERE \(matching)", "w.id")
        }
        let bounds: SQL = "LIMIT \(page.limit) OFFSET \(page.offset)"
        let rows: SQL
        if sort.isByAge, page.offset == 0 {
            rows = "\(source) ORDER BY \(sort.order(id: id)) \(bounds)"
        } else {
            // Finds the ids of the page first, from an index or a narrow sort, then reads their rows. Rows that are
            // skipped or sorted out are never read in full.
            rows = """
                \(joined) WHERE w.id IN (
                    SELECT \(id) FROM \(sort.isByAge ? narrow : source) ORDER BY \(sort.order(id: id)) \(bounds)
                ) ORDER BY \(sort.order(id: "w.id"))
                """
        }
        return try database.page(encoding: Self.encoded, from: rows, counted: narrow, page)
    }

    /// The workspaces that a viewer may read, newest first.
    ///
    /// - Parameter ids: limits them to these; nil for all.
    public func readable(by viewer: Viewer, among ids: [Workspace.ID]? = nil) throws -> [WorkspaceName] {
        let chosen: SQL = ids.map { "w.id IN \(SQL.list($0))" } ?? "TRUE"
        let source: SQL =
            switch viewer {
            case .member(let user):
                "members r JOIN workspaces w ON w.id = r.workspace_id WHERE r.user_id = \(user) AND \(chosen)"
            case .administrator: "workspaces w WHERE \(chosen)"
            }
        return try database.all(from: "\(source) ORDER BY w.id DESC")
    }

    /// Workspaces, each with the user's membership if there is one.
    private static func joined(_ user: User.ID) -> SQL {
        "workspaces w LEFT JOIN members r ON r.user_id = \(user) AND r.workspace_id = w.id"
    }

    /// The role of `user` in a workspace; nil if they are not a member or it does not exist.
    public func role(of user: User.ID, in workspace: Workspace.ID) throws -> MemberRole? {
        try database.value(
            """
            SELECT role FROM members WHERE user_id = \(user) AND workspace_id = \(workspace) \(database.keepingRights)
            """)
    }

    public func exists(_ id: Workspace.ID) throws -> Bool {
        try database.exists("SELECT 1 FROM workspaces WHERE id = \(id)")
    }

    /// A workspace as seen by `user`.
    public func find(_ id: Workspace.ID, asSeenBy user: User.ID) throws -> Workspace? {
        try database.first(from: "\(Self.joined(user)) WHERE w.id = \(id)")
    }

    public func settings(of id: Workspace.ID) throws -> WorkspaceSettings {
        let stored: RawJSON? = try database.value("SELECT settings FROM workspaces WHERE id = \(id)")
        return stored.map(WorkspaceSettings.init(stored:)) ?? WorkspaceSettings()
    }

    public func create(
        name: String, description: String, settings: WorkspaceSettings, owner: User.ID, at now: Timestamp
    ) throws -> Workspace {
        let id = Workspace.ID.new(at: now)
        let workspace = Workspace(
            id: id, name: name, slug: Slug.make(from: name, id: id), description: description, settings: settings.json,
            ownerId: owner, role: .owner, documentCount: 0, conversationCount: 0, createdAt: now, updatedAt: now)
        try database.write {
            try database.send(
                """
                INSERT INTO workspaces (id, name, slug, description, name_key, search_key, settings, owner_id,
                    created_at, updated_at)
                VALUES (\(id), \(name), \(workspace.slug), \(description), \(SearchKey.of(name)),
                    \(Self.searchKey(name, description)), \(workspace.settings), \(owner), \(now), \(now))
                """)
            try database.send(
                """
                INSERT INTO members (user_id, workspace_id, role, created_at)
                VALUES (\(owner), \(id), \(MemberRole.owner), \(now))
                """)
        }
        return workspace
    }

    /// Saves the name, description and settings.
    public func save(_ workspace: Workspace) throws {
        try database.send(
            """
            UPDATE workspaces SET name = \(workspace.name), description = \(workspace.description),
                name_key = \(SearchKey.of(workspace.name)),
                search_key = \(Self.searchKey(workspace.name, workspace.description)),
                settings = \(workspace.settings), updated_at = \(workspace.updatedAt)
            WHERE id = \(workspace.id)
            """)
    }

    /// Removes a workspace without documents.
    func remove(_ id: Workspace.ID) throws {
        if try database.run("DELETE FROM workspaces WHERE id = \(id)") == 0 { throw APIError.notFound("Workspace") }
    }

    private static func searchKey(_ name: String, _ description: String) -> String {
        SearchKey.of("\(name)\n\(description)")
    }
}

/// The workspace as seen by the user whose membership is `r`, if there is one. The columns are the fields of the shape
/// in the same order, because a listing encodes them without creating models. The counts are columns, updated in the
/// transactions that change them, so that a listing reads one row per workspace.
extension Workspace: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        self.init(
            id: row["w.id"], name: row["w.name"], slug: row["w.slug"], description: row["w.description"],
            settings: row["w.settings"], ownerId: row["w.owner_id"], role: row["coalesce(r.role, 'owner')"],
            documentCount: row["w.document_count"], conversationCount: row["w.conversation_count"],
            createdAt: row["w.created_at"], updatedAt: row["w.updated_at"])
    }
}

extension WorkspaceName: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) { self.init(id: row["w.id"], name: row["w.name"]) }
}

/// A name in a form suited to URLs. The end of the identifier makes it unique without revealing that another tenant
/// uses the same name.
enum Slug {
    static func make(from name: String, id: Workspace.ID) -> String {
        var slug = ""
        for byte in name.lowercased().utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                slug.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                if !slug.isEmpty, !slug.ends(withBytes: "-") { slug.append("-") }
            }
            if slug.utf8.count >= 60 { break }
        }
        while slug.ends(withBytes: "-") { slug.removeLast() }
        let suffix = id.text.suffix(8).lowercasedASCII
        return slug.isEmpty ? "workspace-\(suffix)" : "\(slug)-\(suffix)"
    }
}
