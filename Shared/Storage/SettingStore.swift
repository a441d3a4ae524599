import Models
import Wire

/// Values that the installation stores about itself.
public struct SettingStore {
    let database: Database

    /// The value with that name, if there is one.
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

    /// The value with that name. The first process that asks creates and stores it.
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
