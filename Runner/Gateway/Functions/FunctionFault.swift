import Wire

/// Why an executable, or its current version, is not served.
package struct FunctionFault {
    package let executable: String
    /// The function's name if it is known, otherwise the file's.
    package let name: String
    package let reason: String
    /// Whether another try may succeed although nobody changes the file: it was slow, or the system was short of something.
    package let isTransient: Bool
    /// Whether its previous version is served.
    let isServed: Bool

    /// Adds the functions that are not served to a response of `health`: `checks.functions`, and `degraded` in place of
    /// `ok`. A response in another form stays as it is.
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
