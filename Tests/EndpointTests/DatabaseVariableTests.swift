import Testing

@testable import Endpoint

/// The variables that choose the database.
struct DatabaseVariableTests {
    private func configuration(_ variables: [String: String] = [:]) throws -> Configuration {
        try Configuration(environment: { variables[$0] })
    }

    /// What is said of variables that cannot be understood; nil when they can.
    private func problem(_ variables: [String: String]) -> String? {
        do {
            _ = try configuration(variables)
            return nil
        } catch { return "\(error)" }
    }

    @Test func connectionsAreGivenBack() throws {
        let url = ["DATABASE_URL": "postgres://me:secret@db.example/app"]
        #expect(try configuration(url).databaseIdle == 60)
        #expect(try configuration(url.merging(["DATABASE_IDLE": "5"]) { $1 }).databaseIdle == 5)
        #expect(try configuration(url.merging(["DATABASE_IDLE": "0"]) { $1 }).databaseIdle == nil)
        #expect(try configuration().databaseIdle == nil)
        #expect(problem(["DATABASE_IDLE": "-1"]) == "DATABASE_IDLE must be a whole number of seconds from 0 to 86400")
    }

    @Test func theDatabaseIsAFileOrAServer() throws {
        let file = try configuration()
        #expect(file.databaseServer == nil && !file.sharesLimits)
        let url = ["DATABASE_URL": "postgres://me:secret@db.example/app"]
        let server = try configuration(url)
        #expect(server.databaseServer != nil && server.sharesLimits)
        #expect(try !configuration(url.merging(["RATE_LIMITS": "machine"]) { $1 }).sharesLimits)
        #expect(problem(["RATE_LIMITS": "shared"]) == "RATE_LIMITS=shared needs DATABASE_URL")
        #expect(problem(["DATABASE_DIRECT_URL": "postgres://me@db"]) == "DATABASE_DIRECT_URL needs DATABASE_URL")
        let scheduled = problem(url.merging(["BACKUP_DIR": "/b", "BACKUP_EVERY": "24h"]) { $1 })
        #expect(scheduled?.contains("pg_dump") == true)
        for wrong in ["mysql://me:secret@db/app", "postgres://me:secret@db/app?sslmode=require", "secret"] {
            let said = problem(["DATABASE_URL": wrong])
            #expect(said?.contains("DATABASE_URL") == true && said?.contains("secret") == false, "\(said ?? "")")
        }
    }
}
