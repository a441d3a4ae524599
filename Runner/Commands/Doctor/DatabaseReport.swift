import Wire

/// What `health` says about the database.
struct DatabaseReport {
    private static let area = "data"
    /// Leases and tokens depend on clocks that agree, in milliseconds.
    private static let largestClockOffset = 2000

    private let check: JSON
    private let options: Options

    /// - Parameter check: the check of the database in `health`.
    init(_ check: JSON?, _ options: Options) { (self.check, self.options) = (check ?? .null, options) }

    private var isOnServer: Bool { check["engine"]?.string == "postgresql" }

    /// - Parameter cause: what the log says about a failure.
    func findings(_ cause: String?) -> [Finding] { [answer(cause)] + [clocks].compactMap(\.self) }

    private func answer(_ cause: String?) -> Finding {
        guard check["status"]?.string == "ok" else {
            return .failure(
                Self.area, "The database cannot be used\(cause.map { ": \($0)" } ?? "")", cure: cure)
        }
        let name = [isOnServer ? "PostgreSQL" : "SQLite", check["version"]?.string].compactMap(\.self)
        let latency = JSON.double(check["latencyMs"]?.double ?? 0).text
        let schema = check["schemaVersion"]?.int.map { ", with tables of version \($0)" } ?? ""
        return .ok(Self.area, "The database, \(name.joined(separator: " ")), answers in \(latency) ms\(schema)")
    }

    private var cure: String {
        if !isOnServer {
            return
                "Check \(options.dataFolder)/nexlayer.db: restore a backup, or use the version of the functions that wrote it."
        }
        return check["readOnly"]?.bool == true
            ? "Name the server in DATABASE_URL that accepts writes, not one that follows it."
            : "Check that DATABASE_URL is right and that its server runs and lets its user in."
    }

    /// Nil if the clocks agree or are not known.
    private var clocks: Finding? {
        guard let offset = check["clockOffsetMs"]?.int, offset.magnitude > Self.largestClockOffset else { return nil }
        let seconds = JSON.double(Double(offset.magnitude / 100) / 10).text
        return .warning(
            Self.area,
            "The clock of the database's server is \(seconds) s \(offset > 0 ? "ahead of" : "behind") this machine's",
            cure: "Set both by NTP: leases and tokens depend on the time. timedatectl set-ntp true")
    }
}
