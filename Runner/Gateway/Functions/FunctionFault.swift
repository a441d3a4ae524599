import Wire

/// Why an executable, or its current version, is not served.
package struct FunctionFault {
    package let executable: String
    /// The function's name if it is known, otherwise the file's.
    package let name: String
    package let reason: String
    /// Whether a retry may succeed even if the file does not change: it was slow, or the system was short of a
    /// resource.
    package let isTransient: Bool
    /// Whether its previous version is served.
    let isServed: Bool

    /// Adds the functions that are not served to a response of `health`: `checks.functions`, and `degraded` instead of
    /// `ok`. The status stays 200, because a load balancer that dropped the machine would make things worse. A response
    /// in any other form is not changed.
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
