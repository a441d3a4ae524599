import Gateway
import Glibc
import Wire

/// `runner doctor`
package enum DoctorCommand {
    /// In the order of the report.
    private static let areas = ["machine", "configuration", "functions", "data", "model", "port"]

    package static func run(_ options: Options) -> Int32 {
        guard options.operands.isEmpty else { return Terminal.fail("doctor takes no arguments", code: 64) }
        // The check must not create the data folder.
        let isNew = access(options.dataFolder, F_OK) != 0
        let folder = isNew ? TemporaryFolder(options.environment, name: "runner-doctor") : nil
        defer { folder?.remove() }
        var inner = options
        if let folder { inner.dataOverride = folder.path }
        guard let server = GatewaySetup.makeServer(inner, log: .silent) else { return GatewaySetup.failed() }
        let data = DataCheck.findings(options)
        var functions = FunctionCheck(options: options, server: server).findings()
        // The temporary folder says nothing about a data folder that cannot be created.
        if isNew, data.contains(where: { $0.level == .failure }) { functions.removeAll { $0.area == "data" } }
        let all = MachineCheck.findings(options) + data + functions + [PortCheck.finding(options)]
        let findings = areas.flatMap { area in all.filter { $0.area == area } }
        let failures = findings.count { $0.level == .failure }
        let warnings = findings.count { $0.level == .warning }
        if options.printsJSON {
            let report: JSON = [
                "ok": .bool(failures == 0), "failures": .int(Int64(failures)), "warnings": .int(Int64(warnings)),
                "findings": .array(findings.map(\.json)),
            ]
            Terminal.write(report.pretty() + "\n")
        } else {
            print(findings, Terminal(options))
            Terminal.write(
                failures + warnings == 0 ? "\nNo problems found.\n" : "\n\(failures) failed, \(warnings) warnings\n")
        }
        return failures == 0 ? 0 : 1
    }

    private static func print(_ findings: [Finding], _ terminal: Terminal) {
        var area = ""
        for finding in findings {
            if finding.area != area { Terminal.write(terminal.paint("\(finding.area)\n", .bold)) }
            area = finding.area
            let mark: (String, Terminal.Color) =
                switch finding.level {
                case .ok: ("✔", .green)
                case .warning: ("!", .yellow)
                case .failure: ("✘", .red)
                }
            Terminal.write("  \(terminal.paint(mark.0, mark.1)) \(finding.text)\n")
            if let cure = finding.cure { Terminal.write("    \(terminal.paint(cure, .dim))\n") }
        }
    }
}
