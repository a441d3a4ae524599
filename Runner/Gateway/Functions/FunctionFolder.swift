import Glibc

/// Keeps what is served in step with a folder of executables, while requests are served: a new one is
/// asked what it is and then served, a replaced one is used once it has said what it is, one that is gone
/// is served no more.
///
/// A version that cannot be used is reported, and the one before it, which is held open, serves on.
final class FunctionFolder {
    /// What is known of one file.
    private final class Entry {
        /// The version that was looked at last.
        var seen: FileIdentity?
        var function: (description: FunctionDescription, pool: FunctionPool)?
        var missingSince: Int64?
    }

    /// How long requests wait for a new version to say what it is, before the old one serves on. In seconds.
    private static let patience = 2.0
    /// How long a file may be missing before its function is: programs that replace files remove them first.
    private static let absence = 1.0
    /// How often the folder is looked at where no watch tells of changes. In seconds.
    private static let interval = 1.0

    private let folder: String
    /// Those that are wanted; empty for all.
    private let names: [String]
    private let pools: FunctionPools
    private let services: FunctionServices
    private let onChange: () -> Void
    private var catalogue: FunctionCatalogue!
    private var watch: FolderWatch?
    private var entries: [String: Entry] = [:]
    private var nextLook: Int64 = 0
    private var isStarting = true
    /// What is wrong with the executables that are not served.
    private(set) var faults: [(executable: String, reason: String)] = []

    var isSettled: Bool { catalogue.isIdle }
    var processIDs: Set<pid_t> { catalogue.processIDs }

    /// What is served, by name.
    var functions: [(description: FunctionDescription, pool: FunctionPool)] {
        entries.values.compactMap(\.function).sorted { $0.description.name < $1.description.name }
    }

    /// - Parameter onChange: called when other functions, or functions with other routes, are served.
    init(
        _ folder: String, named names: [String], pools: FunctionPools, services: FunctionServices,
        onChange: @escaping () -> Void
    ) {
        self.folder = folder
        self.names = names
        self.pools = pools
        self.services = services
        self.onChange = onChange
        catalogue = FunctionCatalogue(loop: services.loop, environment: services.environment) { [unowned self] in
            take($0, $1)
        }
    }

    /// - Returns: whether the folder can be read and has all that is wanted.
    func open() -> Bool {
        watch = FolderWatch(folder, loop: services.loop) { [unowned self] in look() }
        return look() && Set(names).count <= entries.count
    }

    /// Finds what has changed, and asks what is new.
    @discardableResult
    private func look() -> Bool {
        guard let paths = FunctionCatalogue.executables(in: folder, named: names) else { return false }
        for path in paths {
            let entry = entries[path] ?? Entry()
            entries[path] = entry
            entry.missingSince = nil
            guard FileIdentity(path) != entry.seen, let executable = Executable(path) else { continue }
            entry.seen = executable.identity
            entry.function?.pool.hold(for: Self.patience)
            catalogue.ask(executable)
        }
        let found = Set(paths)
        for (path, entry) in entries where !found.contains(path) {
            let since = entry.missingSince ?? services.loop.now
            entry.missingSince = since
            if services.loop.now - since >= Clock.seconds(Self.absence) { remove(path) }
        }
        return true
    }

    private func remove(_ path: String) {
        guard let function = entries.removeValue(forKey: path)?.function else { return }
        services.log.event(.info, "a function is gone", [("function", function.description.name), ("file", path)])
        pools.remove(function.pool)
        onChange()
    }

    private func take(_ executable: Executable, _ answer: FunctionCatalogue.Answer) {
        // The file may have been replaced again in the meantime; then that version is being asked.
        guard let entry = entries[executable.path], entry.seen == executable.identity else { return }
        faults.removeAll { $0.executable == executable.path }
        switch answer {
        case .success(let description):
            let isChanged = entry.function.map { !$0.description.hasRoute(of: description) } ?? true
            let pool = entry.function?.pool ?? pools.makePool(description, executable)
            if entry.function != nil {
                pool.replace(with: executable, description)
                services.log.event(.info, "a function was replaced", [("function", description.name)])
            }
            entry.function = (description, pool)
            if isChanged { onChange() }
        case .failure(let fault):
            if fault.isPassing { entry.seen = nil } else { report(fault.reason, of: executable.path, entry) }
        }
        entry.function?.pool.release()
        pools.serveWaiting()
    }

    /// Ends the start: what is wrong with some functions is told now, what is wrong with all of them is
    /// for whoever started us to tell, once.
    func endStart() {
        isStarting = false
        guard !functions.isEmpty else { return }
        for fault in faults {
            services.log.event(
                .error, "a function was left out", [("file", fault.executable), ("reason", fault.reason)])
        }
    }

    private func report(_ reason: String, of path: String, _ entry: Entry) {
        faults.append((path, reason))
        if isStarting { return }
        services.log.event(
            .error,
            entry.function == nil
                ? "a function was left out" : "the new version of a function cannot be used; the old one serves on",
            [("file", path), ("reason", reason)])
    }

    func tick(_ now: Int64) {
        catalogue.tick()
        guard now >= nextLook else { return }
        nextLook = now + Clock.seconds(Self.interval)
        watch?.renew()
        look()
    }

    /// To be called when children have ended.
    func reap() { catalogue.reap() }
}
