import Wire

/// Why an executable is not served, or not its present version.
struct FunctionFault {
    let executable: String
    /// The function's, as far as it is known; else the file's.
    let name: String
    let reason: String
    /// Whether another try may go well although nobody changes the file: it was slow, or the system short of something.
    let isPassing: Bool
    /// Whether the version before it serves on.
    let isServed: Bool

    /// What `health` answered, with the functions that are not served: `checks.functions`, and `degraded` in the place
    /// of `ok`. An answer of another form stays as it is.
    static func report(_ faults: [FunctionFault], in body: [UInt8]) -> [UInt8] {
        guard !faults.isEmpty, let answer = body.withUnsafeBufferPointer({ try? JSONReader.parse($0) }),
            var whole = answer.object
        else { return body }
        let check: JSON = ["status": "failed", "unavailable": .array(faults.map { .string($0.name) })]
        if var data = answer["data"]?.object, var checks = answer["data"]?["checks"]?.object {
            checks.replace("functions", with: check)
            data.replace("checks", with: .object(checks))
            if data["status"]?.string == "ok" { data.replace("status", with: "degraded") }
            whole.replace("data", with: .object(data))
        } else if var error = answer["error"]?.object, var checks = answer["error"]?["details"]?.object {
            checks.replace("functions", with: check)
            error.replace("details", with: .object(checks))
            whole.replace("error", with: .object(error))
        } else {
            return body
        }
        return Array(JSON.object(whole).text.utf8)
    }
}
