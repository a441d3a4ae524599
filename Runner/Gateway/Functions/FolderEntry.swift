import Wire

/// What is known about one file in the folder.
final class FolderEntry {
    let path: String
    /// The version that was last seen.
    var seen: FileIdentity?
    var function: ServedFunction?
    var missingSince: Int64?
    var unexecutableSince: Int64?
    /// Whether no process may be started from it until it is executable again.
    var isStopped = false
    /// Whether it has been asked for its description and has not answered yet.
    var isAsked = false
    var fault: (reason: String, isTransient: Bool)?
    /// How often it has failed, and when to ask it again.
    var tries = 0
    var retryAt: Int64 = 0

    init(_ path: String) { self.path = path }

    func clearFault() {
        fault = nil
        tries = 0
        isStopped = false
    }

    /// The fault as it is reported.
    var reported: FunctionFault? {
        guard let fault else { return nil }
        return FunctionFault(
            executable: path, name: function?.description.name ?? path.split(atByte: "/").last.map(String.init) ?? path,
            reason: fault.reason, isTransient: fault.isTransient, isServed: function != nil && !isStopped)
    }
}
