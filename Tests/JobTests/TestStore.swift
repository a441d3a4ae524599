import TestSupport

@testable import Storage

extension Store {
    /// A store in a data folder, on the server of the tests if there is one.
    static func forTests(in folder: String) throws -> Store {
        let variables = try TestDatabase.variables(for: folder)
        guard let url = variables["DATABASE_URL"] else { return try Store(directory: folder) }
        try TestDatabase.create(for: folder)
        let direct = variables["DATABASE_DIRECT_URL"]
        return try Store(
            directory: folder, server: DatabaseServer(url: url, direct: direct, environment: { _ in nil }))
    }
}
