import Glibc
import Platform

/// Keeps the served functions in step with a folder of executables while requests are served. A new executable is
/// served once it has described itself, a replaced one is used once its new version has, and a removed one is no longer
/// served.
///
/// A version that cannot be used is reported, and asked again at growing intervals. Until it works, the previous
/// version, which is kept open, is served. No function is dropped while its file exists.
final class FunctionFolder {
    /// Seconds that requests wait for a new version to describe itself before the old one serves them.
    private static let patience = 2.0
    /// Seconds that a file may be missing, or not executable, before its function is dropped or stopped. Programs that
    /// replace a file, like install(1), may remove it first or make it executable last.
    private static let absence = 1.0
    /// Seconds between scans of the folder if it cannot be watched.
    private static let interval = 1.0

    private let folder: String
    /// Which functions to serve; empty for all.
    private let names: [String]
    private let pools: FunctionPools
    private let services: FunctionServices
    private let status: FolderStatus
    private let onChange: ([ServedFunction]) -> Void
    private let catalogue: FunctionCatalogue
    private var watch: FolderWatch?
    private var entries: [String: FolderEntry] = [:]
    private var nextLook: Int64 = 0
    private var isStarting = true

    var isSettled: Bool { catalogue.isIdle }
    var processIDs: Set<pid_t> { catalogue.processIDs }

    /// The served functions, by name.
    var functions: [ServedFunction] {
        entries.values.compactMap(\.function).sorted { $0.description.name < $1.description.name }
    }

    /// - Parameters:
    ///   - status: updated whenever something changes.
    ///   - onChange: receives the functions whenever their set or their routes have changed.
    init(
        _ folder: String, named names: [String], pools: FunctionPools, services: FunctionServices,
        status: FolderStatus, onChange: @escaping ([ServedFunction]) -> Void
    ) {
        self.folder = folder
        self.names = names
        self.pools = pools
        self.services = services
        self.status = status
        self.onChange = onChange
        catalogue = FunctionCatalogue(
            loop: services.loop, environment: services.environment, makeRoom: { pools.endIdlest() })
    }

    /// - Returns: whether the folder can be read and contains every named function.
    func open() -> Bool {
        watch = FolderWatch(folder, loop: services.loop) { [unowned self] in look() }
        return look() && Set(names).count <= entries.count
    }

    // MARK: Looking

    /// Finds changes, and asks new versions to describe themselves.
    @discardableResult
    private func look() -> Bool {
        guard let files = FunctionCatalogue.files(in: folder, named: names) else { return false }
        let now = services.loop.now
        for file in files {
            guard let entry = entries[file.path] ?? makeEntry(file) else { continue }
            entry.missingSince = nil
            if file.isExecutable { ask(entry, now) } else { noteUnexecutable(entry, now) }
        }
        let found = Set(files.map(\.path))
        for entry in Array(entries.values) where !found.contains(entry.path) {
            let since = entry.missingSince ?? now
            entry.missingSince = since
            if now - since >= Clock.seconds(Self.absence) { remove(entry) }
        }
        settle()
        return true
    }

    /// Nil for a file that is not a program.
    private func makeEntry(_ file: FunctionCatalogue.File) -> FolderEntry? {
        guard file.isExecutable || FunctionCatalogue.isProgram(file.path) else { return nil }
        let entry = FolderEntry(file.path)
        entries[file.path] = entry
        return entry
    }

    /// Asks a version that has not been asked yet, or whose retry is due.
    private func ask(_ entry: FolderEntry, _ now: Int64) {
        guard let identity = FileIdentity(entry.path) else { return }
        let isNew = identity != entry.seen
        // A file that is made executable again has been repaired.
        let isRepaired = entry.unexecutableSince != nil
        entry.unexecutableSince = nil
        guard isNew || isRepaired || (entry.fault != nil && now >= entry.retryAt && !entry.isAsked) else { return }
        guard let executable = Executable(entry.path, isHeld: services.holdsExecutables) else { return }
        entry.seen = executable.identity
        entry.isAsked = true
        if isNew {
            entry.tries = 0
            entry.function?.pool.hold(for: Self.patience)
        }
        catalogue.ask(executable) { [unowned self] in take($0, $1) }
    }

    private func noteUnexecutable(_ entry: FolderEntry, _ now: Int64) {
        let since = entry.unexecutableSince ?? now
        entry.unexecutableSince = since
        guard isStarting || now - since >= Clock.seconds(Self.absence), !entry.isStopped else { return }
        entry.isStopped = true
        report("it is not executable (its x bit is missing)", of: entry, isTransient: false)
        if let pool = entry.function?.pool { pools.stop(pool) }
    }

    private func remove(_ entry: FolderEntry) {
        entries[entry.path] = nil
        guard let function = entry.function else { return }
        services.log.event(
            .info, "a function was removed", [("function", function.description.name), ("file", entry.path)])
        pools.remove(function.pool)
        onChange(functions)
    }

    // MARK: Answers

    private func take(_ executable: Executable, _ answer: FunctionCatalogue.Answer) {
        // If the file has been replaced since, the newer version is already being asked.
        guard let entry = entries[executable.path], entry.seen == executable.identity else { return }
        entry.isAsked = false
        switch answer {
        case .success(let description): serve(description, executable, entry)
        case .failure(let fault):
            if fault.isBeingWritten { entry.seen = nil } else { fail(entry, fault) }
        }
        entry.function?.pool.release()
        pools.serveWaiting()
        settle()
    }

    private func serve(_ description: FunctionDescription, _ executable: Executable, _ entry: FolderEntry) {
        let isChanged = entry.function.map { !$0.description.hasRoute(of: description) } ?? true
        let pool = entry.function?.pool ?? pools.makePool(description, executable)
        pool.onRollback = { [weak self, weak entry] description in
            if let entry { self?.rollBack(entry, to: description) }
        }
        pool.isStopped = false
        // Otherwise this is the version being served, asked once more.
        if entry.function != nil, !pool.uses(executable) {
            pool.replace(with: executable, description)
            services.log.event(.info, "a function was replaced", [("function", description.name)])
        }
        if entry.fault != nil, !isStarting {
            services.log.event(.info, "a function is served again", [("function", description.name)])
        }
        entry.clearFault()
        entry.function = ServedFunction(description: description, pool: pool)
        if isChanged { onChange(functions) }
    }

    private func fail(_ entry: FolderEntry, _ fault: FunctionDescription.Malformed) {
        entry.retryAt = services.loop.now + Clock.seconds(Double(1 << min(entry.tries, 6)))
        entry.tries += 1
        report(fault.reason, of: entry, isTransient: fault.isTransient)
    }

    private func rollBack(_ entry: FolderEntry, to description: FunctionDescription) {
        let isChanged = entry.function.map { !$0.description.hasRoute(of: description) } ?? false
        entry.function?.description = description
        if isChanged { onChange(functions) }
    }

    /// Ends the start. Faults of individual functions are logged now; if no function works, the caller reports why,
    /// once.
    func endStart() {
        for entry in entries.values where entry.function == nil && entry.isAsked {
            entry.fault = ("--describe took longer than \(Int(FunctionCatalogue.patience)) s", isTransient: true)
        }
        isStarting = false
        settle()
        guard !functions.isEmpty else { return }
        for fault in status.faults { log(fault) }
    }

    private func report(_ reason: String, of entry: FolderEntry, isTransient: Bool) {
        let isKnown = entry.fault?.reason == reason
        entry.fault = (reason, isTransient)
        if !isStarting, !isKnown, let fault = entry.reported { log(fault) }
    }

    private func log(_ fault: FunctionFault) {
        services.log.event(
            .error,
            fault.isServed
                ? "the new version of a function cannot be used; the old one stays in service"
                : "a function cannot be served; retrying",
            [("file", fault.executable), ("reason", fault.reason)])
    }

    private func settle() {
        status.faults = entries.values.compactMap(\.reported).sorted { $0.executable < $1.executable }
        status.hasUnknownRoutes = entries.values.contains { $0.function == nil }
    }

    func tick(_ now: Int64) {
        catalogue.tick()
        guard now >= nextLook else { return }
        nextLook = now + Clock.seconds(Self.interval)
        watch?.renew()
        look()
    }

    /// Call this when children have ended.
    func reap() { catalogue.reap() }
}
