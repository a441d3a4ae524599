import Models
import Wire

/// What the installation remembers about itself.
public struct SettingStore {
    let database: Database

    /// The value of that name, if there is one.
    public func value(_ name: String) throws -> String? {
        try database.value("SELECT value FROM settings WHERE name = \(name)")
    }

    public func set(_ name: String, to value: String) throws {
        try database.run(
            """
            INSERT INTO settings (name, value) VALUES (\(name), \(value))
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """)
    }

    /// The value of that name; made and kept by the first process that asks.
    public func value(_ name: String, orMake make: () -> String) throws -> String {
        if let value: String = try database.value("SELECT value FROM settings WHERE name = \(name)") { return value }
        let made = make()
        _ = try database.maintain {
            try database.run(
                "INSERT INTO settings (name, value) VALUES (\(name), \(made)) ON CONFLICT (name) DO NOTHING")
        }
        return try database.value("SELECT value FROM settings WHERE name = \(name)") ?? made
    }
}
