import Glibc
import Platform

/// Assigns requests to processes, within the limits that apply to all functions together.
final class FunctionPools: ProcessOwner {
    private let services: FunctionServices
    private var pools: [FunctionPool] = []
    /// Every process that has not been reaped yet.
    private var processes: [FunctionProcess] = []
    private var servingCount = 0
    private var waitingCount = 0
    private var sequence = 0
    private var isEnding = false
    /// Frees descriptors if ending processes cannot; false if that fails too.
    private let makeRoom: () -> Bool

    private var limits: FunctionLimits { services.limits }
    var isEmpty: Bool { processes.isEmpty }
    var all: [FunctionPool] { pools }

    /// The processes of a function that have not been reaped yet.
    func processes(of pool: FunctionPool) -> [FunctionProcess] { processes.filter { $0.pool === pool } }
    var processIDs: Set<pid_t> { Set(processes.map(\.pid)) }

    /// - Parameter makeRoom: frees descriptors if ending processes cannot; false if that fails too.
    init(_ services: FunctionServices, makeRoom: @escaping () -> Bool) {
        self.services = services
        self.makeRoom = makeRoom
    }

    func makePool(_ description: FunctionDescription, _ executable: Executable) -> FunctionPool {
        let pool = FunctionPool(description, executable, services: services)
        pools.append(pool)
        return pool
    }

    private static let gone = GatewayError(404, "This endpoint no longer exists")

    private static func unavailable(_ pool: FunctionPool) -> GatewayError {
        GatewayError(503, "The function \(pool.name) cannot be started at the moment", retryAfter: 5)
    }

    /// The function was removed. Requests in progress end normally.
    func remove(_ pool: FunctionPool) {
        pools.removeAll { $0 === pool }
        pool.isRetired = true
        empty(pool, Self.gone)
    }

    /// The function must not be started until further notice.
    func stop(_ pool: FunctionPool) {
        pool.isStopped = true
        empty(pool, Self.unavailable(pool))
    }

    private func empty(_ pool: FunctionPool, _ error: GatewayError) {
        while let exchange = pool.dequeue() {
            waitingCount -= 1
            exchange.client?.refuse(error)
        }
        for process in pool.idle { process.end() }
    }

    // MARK: Requests

    /// Gives a request to a process, queues it, or refuses it.
    func submit(_ exchange: Exchange) {
        let pool = exchange.target.pool
        if pool.isRetired || pool.isStopped {
            exchange.client?.refuse(pool.isRetired ? Self.gone : Self.unavailable(pool))
            return
        }
        sequence += 1
        exchange.sequence = sequence
        if exchange.submittedAt == 0 { exchange.submittedAt = Clock.now }
        if !pool.hasWaiting || exchange.isRetry {
            switch provide(pool, fresh: exchange.isRetry) {
            case .process(let process): return process.serve(exchange)
            case .failure:
                exchange.client?.refuse(Self.unavailable(pool))
                return
            case .full: break
            }
        }
        guard waitingCount < limits.queueLength else {
            exchange.client?.refuse(GatewayError(503, "Too many requests are waiting; try again", retryAfter: 1))
            return
        }
        exchange.queuedAt = services.loop.now
        waitingCount += 1
        pool.enqueue(exchange)
    }

    /// Retries a request whose process died.
    func retry(_ exchange: Exchange) {
        exchange.isRetry = true
        submit(exchange)
    }

    /// Nobody waits for the response any more.
    func abandon(_ exchange: Exchange) {
        exchange.client = nil
        if exchange.target.pool.removeWaiting(exchange) {
            waitingCount -= 1
        } else if exchange.isStreaming || exchange.target.pool.streams {
            exchange.process?.cancel(exchange)
        }
    }

    // MARK: Processes

    private enum Provision {
        case process(FunctionProcess)
        /// As many processes as allowed are already busy.
        case full
        /// No process is running, and none can be started.
        case failure
    }

    /// - Parameter fresh: whether to prefer a new process to an idle one.
    private func provide(_ pool: FunctionPool, fresh: Bool = false) -> Provision {
        guard !pool.isHeld else { return .full }
        if !fresh, let process = pool.takeIdle() { return .process(process) }
        guard pool.processCount < pool.range.upperBound, servingCount < limits.processes || evict(besides: pool)
        else { return pool.takeIdle().map { .process($0) } ?? .full }
        do throws(FunctionChild.StartError) {
            return .process(try start(pool, makingRoom: true))
        } catch {
            if !pool.hasReportedFailure {
                services.log.event(
                    .error, "cannot start a function", [("function", pool.name), ("reason", "\(error)")])
            }
            pool.hasReportedFailure = true
            // If the system is short of a resource, the request waits.
            return pool.processCount == 0 && !error.isTransient ? .failure : .full
        }
    }

    /// - Parameter makesRoom: whether to end idle processes and connections if descriptors run out.
    private func start(
        _ pool: FunctionPool, makingRoom makesRoom: Bool
    ) throws(FunctionChild.StartError) -> FunctionProcess {
        while true {
            do throws(FunctionChild.StartError) {
                let process = try pool.start(for: self)
                pool.hasReportedFailure = false
                processes.append(process)
                servingCount += 1
                return process
            } catch {
                guard makesRoom, error.isOfDescriptors, endIdlest() || makeRoom() else { throw error }
            }
        }
    }

    /// Starts the processes that should be warm without requests.
    private func warm(_ now: Int64) {
        for pool in pools {
            while pool.wantsWarming(now), servingCount < limits.processes,
                let process = try? start(pool, makingRoom: false)
            {
                pool.putIdle(process)
            }
        }
    }

    /// Ends the longest-idle process of all functions.
    func endIdlest() -> Bool { evict(besides: nil) }

    /// Ends the longest-idle process.
    private func evict(besides pool: FunctionPool?) -> Bool {
        let candidates = pools.filter { $0 !== pool }.compactMap(\.idle.first)
        let spare = candidates.filter { $0.pool.processCount > $0.pool.range.lowerBound }
        guard let oldest = (spare.isEmpty ? candidates : spare).min(by: { $0.idleSince < $1.idleSince })
        else { return false }
        oldest.end()
        return true
    }

    /// A process has responded and is free.
    func release(_ process: FunctionProcess) {
        let pool = process.pool
        pool.noteAnswer(of: process)
        guard pool.isCurrent(process), process.served < limits.requestsPerProcess, !pool.isRetired, !mustYield(pool)
        else { return process.end() }
        if !pool.isHeld, let exchange = pool.dequeue() {
            waitingCount -= 1
            return process.serve(exchange)
        }
        pool.putIdle(process)
        serveWaiting()
    }

    /// Whether a request for another function has waited longer and cannot get a process for lack of room.
    private func mustYield(_ pool: FunctionPool) -> Bool {
        guard waitingCount > 0, servingCount >= limits.processes else { return false }
        let own = pool.firstWaiting?.sequence ?? Int.max
        return pools.contains { other in
            guard other !== pool, let first = other.firstWaiting else { return false }
            return first.sequence < own && other.processCount < other.range.upperBound && !other.isHeld
        }
    }

    /// A process takes no more requests.
    func forget(_ process: FunctionProcess) {
        process.pool.forget(process)
        servingCount -= 1
        // NB: later, because the caller is in the middle of ending the process.
        if waitingCount > 0 { services.loop.later { [self] in serveWaiting() } }
    }

    /// Gives processes to waiting requests, in order of arrival.
    func serveWaiting() {
        guard waitingCount > 0 else { return }
        let waiting = pools.filter(\.hasWaiting)
            .sorted { ($0.firstWaiting?.sequence ?? 0) < ($1.firstWaiting?.sequence ?? 0) }
        for pool in waiting {
            while pool.hasWaiting, case .process(let process) = provide(pool) {
                guard let exchange = pool.dequeue() else { break }
                waitingCount -= 1
                process.serve(exchange)
            }
        }
    }

    // MARK: Time

    func tick(_ now: Int64) {
        for process in processes { process.tick(now) }
        let idleLimit = now - Clock.seconds(limits.idleTimeout)
        let queueLimit = now - Clock.seconds(limits.queueTimeout)
        for pool in pools {
            pool.endIdle(since: idleLimit)
            while let exchange = pool.firstWaiting, exchange.queuedAt < queueLimit {
                _ = pool.dequeue()
                waitingCount -= 1
                exchange.client?.refuse(GatewayError(503, "No process became free in time; try again", retryAfter: 1))
            }
        }
        serveWaiting()
        if !isEnding { warm(now) }
    }

    /// Call this when children have ended.
    func reap() {
        // NB: in two steps, because the request of an ended process may cause another one to be started.
        let all = processes
        let ended = all.filter { $0.reapIfEnded() }
        if !ended.isEmpty { processes.removeAll { process in ended.contains { $0 === process } } }
    }

    /// Asks every process to end by closing its input. The tick kills those that do not.
    func end() {
        isEnding = true
        for process in processes { process.end() }
    }

    /// Kills every process now.
    func kill() {
        for process in processes { process.kill() }
    }
}
