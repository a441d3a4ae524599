import Glibc

/// Keeps what is served in step with a folder of executables, while requests are served: a new one is
/// asked what it is and then served, a replaced one is used once it has said what it is, one that is gone
/// is served no more.
///
/// A version that cannot be used is reported and asked again later, less and less often; the one before it, which is
/// held open, serves on meanwhile. No function is forgotten as long as its file is there.
final class FunctionFolder {
    /// How long requests wait for a new version to say what it is, before the old one serves on. In seconds.
    private static let patience = 2.0
    /// How long a file may be missing, or not be executable, before its function is: programs that replace files
    /// remove them first, or write them before they make them executable.
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
    private var entries: [String: FolderEntry] = [:]
    private var nextLook: Int64 = 0
    private var isStarting = true
    /// Whether some function is not served as it should be.
    private(set) var hasFaults = false
    /// Whether some function has never said which routes it has.
    private(set) var hasUnknownRoutes = false

    var isSettled: Bool { catalogue.isIdle }
    var processIDs: Set<pid_t> { catalogue.processIDs }

    /// What is served, by name.
    var functions: [(description: FunctionDescription, pool: FunctionPool)] {
        entries.values.compactMap(\.function).sorted { $0.description.name < $1.description.name }
    }

    /// What is wrong with the executables, by name.
    var faults: [FunctionFault] { entries.values.compactMap(\.reported).sorted { $0.executable < $1.executable } }

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
        catalogue = FunctionCatalogue(
            loop: services.loop, environment: services.environment, makeRoom: { pools.endIdlest() }
        ) { [unowned self] in take($0, $1) }
    }

    /// - Returns: whether the folder can be read and has all that is wanted.
    func open() -> Bool {
        watch = FolderWatch(folder, loop: services.loop) { [unowned self] in look() }
        return look() && Set(names).count <= entries.count
    }

    // MARK: Looking

    /// Finds what has changed, and asks what is new.
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

    /// Nil for a file that is no program.
    private func makeEntry(_ file: FunctionCatalogue.File) -> FolderEntry? {
        guard file.isExecutable || FunctionCatalogue.isProgram(file.path) else { return nil }
        let entry = FolderEntry(file.path)
        entries[file.path] = entry
        return entry
    }

    /// Asks a version that has not been asked, or once more when it is time to.
    private func ask(_ entry: FolderEntry, _ now: Int64) {
        guard let identity = FileIdentity(entry.path) else { return }
        let isNew = identity != entry.seen
        // Whoever makes a file executable again has mended it.
        let isMended = entry.unexecutableSince != nil
        entry.unexecutableSince = nil
        guard isNew || isMended || (entry.fault != nil && now >= entry.retryAt && !entry.isAsked) else { return }
        guard let executable = Executable(entry.path, isHeld: services.holdsExecutables) else { return }
        entry.seen = executable.identity
        entry.isAsked = true
        if isNew {
            entry.tries = 0
            entry.function?.pool.hold(for: Self.patience)
        }
        catalogue.ask(executable)
    }

    private func noteUnexecutable(_ entry: FolderEntry, _ now: Int64) {
        let since = entry.unexecutableSince ?? now
        entry.unexecutableSince = since
        guard isStarting || now - since >= Clock.seconds(Self.absence), !entry.isStopped else { return }
        entry.isStopped = true
        report("it may not be executed (its x bit is missing)", of: entry, isPassing: false)
        if let pool = entry.function?.pool { pools.stop(pool) }
    }

    private func remove(_ entry: FolderEntry) {
        entries[entry.path] = nil
        guard let function = entry.function else { return }
        services.log.event(
            .info, "a function is gone", [("function", function.description.name), ("file", entry.path)])
        pools.remove(function.pool)
        onChange()
    }

    // MARK: Answers

    private func take(_ executable: Executable, _ answer: FunctionCatalogue.Answer) {
        // The file may have been replaced again in the meantime; then that version is being asked.
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
        // Otherwise the version that is served already has been asked once more.
        if entry.function != nil, !pool.uses(executable) {
            pool.replace(with: executable, description)
            services.log.event(.info, "a function was replaced", [("function", description.name)])
        }
        if entry.fault != nil, !isStarting {
            services.log.event(.info, "a function is served again", [("function", description.name)])
        }
        entry.mend()
        entry.function = (description, pool)
        if isChanged { onChange() }
    }

    private func fail(_ entry: FolderEntry, _ fault: FunctionDescription.Malformed) {
        entry.retryAt = services.loop.now + Clock.seconds(Double(1 << min(entry.tries, 6)))
        entry.tries += 1
        report(fault.reason, of: entry, isPassing: fault.isPassing)
    }

    private func rollBack(_ entry: FolderEntry, to description: FunctionDescription) {
        let isChanged = entry.function.map { !$0.description.hasRoute(of: description) } ?? false
        entry.function?.description = description
        if isChanged { onChange() }
    }

    /// Ends the start: what is wrong with some functions is told now, what is wrong with all of them is
    /// for whoever started us to tell, once.
    func endStart() {
        for entry in entries.values where entry.function == nil && entry.isAsked {
            entry.fault = ("--describe takes longer than \(Int(FunctionCatalogue.patience)) s", isPassing: true)
        }
        isStarting = false
        settle()
        guard !functions.isEmpty else { return }
        for fault in faults { log(fault) }
    }

    private func report(_ reason: String, of entry: FolderEntry, isPassing: Bool) {
        let isKnown = entry.fault?.reason == reason
        entry.fault = (reason, isPassing)
        if !isStarting, !isKnown, let fault = entry.reported { log(fault) }
    }

    private func log(_ fault: FunctionFault) {
        services.log.event(
            .error,
            fault.isServed
                ? "the new version of a function cannot be used; the old one serves on"
                : "a function cannot be served; it is asked again",
            [("file", fault.executable), ("reason", fault.reason)])
    }

    private func settle() {
        hasFaults = entries.values.contains { $0.fault != nil }
        hasUnknownRoutes = entries.values.contains { $0.function == nil }
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

/// What is known of one file.
final class FolderEntry {
    let path: String
    /// The version that was looked at last.
    var seen: FileIdentity?
    var function: (description: FunctionDescription, pool: FunctionPool)?
    var missingSince: Int64?
    var unexecutableSince: Int64?
    /// Whether nothing is started from it until it is executable again.
    var isStopped = false
    /// Whether an answer is outstanding.
    var isAsked = false
    var fault: (reason: String, isPassing: Bool)?
    /// How often it has failed, and when it is asked again.
    var tries = 0
    var retryAt: Int64 = 0

    init(_ path: String) { self.path = path }

    func mend() {
        fault = nil
        tries = 0
        isStopped = false
    }

    /// The fault as others are told of it.
    var reported: FunctionFault? {
        guard let fault else { return nil }
        return FunctionFault(
            executable: path, name: function?.description.name ?? path.split(atByte: "/").last.map(String.init) ?? path,
            reason: fault.reason, isPassing: fault.isPassing, isServed: function != nil && !isStopped)
    }
}
