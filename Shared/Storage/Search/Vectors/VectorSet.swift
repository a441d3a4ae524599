import Models

/// The vectors of a workspace that one model made.
struct VectorSet {
    enum State: String, StoredWord {
        /// Not all documents have been embedded yet.
        case building
        case complete
        /// Another one has taken its place. A job removes its rows.
        case dropped

        static var fallback: State { .dropped }
    }

    let workspace: Workspace.ID
    /// Later ones have higher numbers, and none is used twice in a workspace.
    let number: Int
    let model: EmbeddingModel
    let state: State
    /// What all vectors have in common. Empty if it is damaged: jobs then make another set in place of this one.
    let centre: [Float]

    var format: VectorFormat { VectorFormat(dimensions: model.dimensions) }

    /// Whether a vector can be compared with these, or be one of them.
    func fits(_ vector: [Float], by model: EmbeddingModel) -> Bool {
        model == self.model && isWhole && vector.count == model.dimensions && vector.allSatisfy(\.isFinite)
    }

    var isWhole: Bool { centre.count == model.dimensions && !centre.isEmpty }
}

extension VectorSet: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        workspace = row["workspace_id"]
        number = row["number"]
        let (name, dimensions): (String, Int) = (row["model"], row["dimensions"])
        model = EmbeddingModel(name: name, dimensions: 1...VectorFormat.mostDimensions ~= dimensions ? dimensions : 0)
        state = row["state"]
        let bytes: [UInt8] = row["centre"]
        centre = Self.unpack(centre: bytes, model.dimensions)
    }

    /// Empty if that is not the mean of vectors of length 1.
    private static func unpack(centre bytes: [UInt8], _ dimensions: Int) -> [Float] {
        guard bytes.count == dimensions * 4 else { return [] }
        let centre = (0..<dimensions).map { index in
            Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[index * 4 + $1]) << UInt32(8 * $1) })
        }
        return centre.allSatisfy { abs($0) <= 1.001 } ? centre : []
    }

    static func pack(centre: [Float]) -> [UInt8] {
        centre.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(8 * $0)) } }
    }
}

/// Reads and makes sets.
struct VectorSets {
    let database: Database

    /// Those of a workspace that searches and jobs use, the oldest first.
    func all(of workspace: Workspace.ID) throws -> [VectorSet] {
        try database.all(
            from: "vector_sets WHERE workspace_id = \(workspace) AND state <> 'dropped' ORDER BY number")
    }

    /// The one that searches use: the complete one or, if it is the first, the one being built.
    func searched(in workspace: Workspace.ID) throws -> VectorSet? {
        let sets = try all(of: workspace)
        return sets.last { $0.state == .complete } ?? sets.last
    }

    /// The one that jobs add to: the newest, if the model made it. Of an older one, nobody knows which documents it has.
    func target(_ model: EmbeddingModel, in workspace: Workspace.ID) throws -> VectorSet? {
        try all(of: workspace).last.flatMap { $0.model == model && $0.isWhole ? $0 : nil }
    }

    /// Makes a set, in place of those of other models that were being built. Call it in a write.
    func make(_ model: EmbeddingModel, centre: [Float], in workspace: Workspace.ID) throws -> VectorSet {
        try database.run(
            """
            UPDATE vector_sets SET state = 'dropped' WHERE workspace_id = \(workspace) AND state = 'building'
            """)
        // From the counter of segments, which never goes back.
        let number = try IndexStore(database: database).takeNumber(in: workspace)
        try database.run(
            """
            INSERT INTO vector_sets (workspace_id, number, model, dimensions, state, centre)
            VALUES (\(workspace), \(number), \(model.name), \(model.dimensions), 'building',
                \(VectorSet.pack(centre: centre)))
            """)
        return VectorSet(
            workspace: workspace, number: number, model: model, state: .building, centre: centre)
    }

    /// Lets searches use a set, and no longer use others. Call it in a write.
    func complete(_ set: VectorSet) throws {
        try database.run(
            """
            UPDATE vector_sets SET state = CASE WHEN number = \(set.number) THEN 'complete' ELSE 'dropped' END
            WHERE workspace_id = \(set.workspace)
            """)
    }
}
