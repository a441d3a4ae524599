import Glibc

/// Checks the kernel, the limits, and the programs that functions use.
enum MachineCheck {
    private static let area = "machine"
    /// For connections, the pipes of processes, and files.
    private static let wantedDescriptors = 4096

    static func findings(_ options: Options) -> [Finding] {
        [
            kernel, descriptors,
            program(
                "curl", options, level: .warning, what: "webhooks and remote models need it",
                cure: "Install it: apt-get install curl"),
            program(
                "pdftotext", options, level: .warning, what: "without it, PDF files are refused",
                cure: "Install it: apt-get install poppler-utils"),
        ]
    }

    private static var kernel: Finding {
        var information = utsname()
        guard uname(&information) == 0 else {
            return .warning(area, "The kernel version is unknown", cure: "Use Linux 5.4 or later.")
        }
        let release = withUnsafeBytes(of: &information.release) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        let numbers = release.split(whereSeparator: { $0 == "." || $0 == "-" }).prefix(2).compactMap { Int($0) }
        guard numbers.count == 2, (numbers[0], numbers[1]) >= (5, 4) else {
            return .warning(
                area, "Linux \(release) is older than the tested versions", cure: "Use Linux 5.4 or later.")
        }
        return .ok(area, "Linux \(release)")
    }

    private static var descriptors: Finding {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit)
        let maximum = limit.rlim_max > UInt(Int32.max) ? Int(Int32.max) : Int(limit.rlim_max)
        if maximum < wantedDescriptors {
            return .warning(
                area, "A process may open only \(maximum) files, which limits the number of connections",
                cure:
                    "Raise it: ulimit -Hn \(wantedDescriptors), LimitNOFILE= of systemd, or /etc/security/limits.conf.")
        }
        return .ok(area, "A process may open \(maximum) files")
    }

    private static func program(_ name: String, _ options: Options, level: Finding.Level, what: String, cure: String)
        -> Finding
    {
        for folder in (options.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":") {
            let path = "\(folder)/\(name)"
            if access(path, X_OK) == 0 { return .ok(area, "\(name) is \(path)") }
        }
        return Finding(level: level, area: area, text: "\(name) is not installed: \(what)", cure: cure)
    }
}
