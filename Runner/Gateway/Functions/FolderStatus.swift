/// What is wrong with the functions of a folder.
final class FolderStatus {
    /// By executable name.
    var faults: [FunctionFault] = []
    /// Whether a function has never described itself, so that its routes are unknown.
    var hasUnknownRoutes = false
    var hasFaults: Bool { !faults.isEmpty }
}
