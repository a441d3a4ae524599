import CPlatform
import Glibc

/// What to watch a descriptor for, or what happened on it.
struct Events: OptionSet {
    let rawValue: UInt32
    static let readable = Events(rawValue: EPOLLIN.rawValue)
    static let writable = Events(rawValue: EPOLLOUT.rawValue)
    /// Always reported: both directions are shut down, or the descriptor has an error.
    static let hangup = Events(rawValue: EPOLLHUP.rawValue | EPOLLERR.rawValue)
}

/// Owns descriptors, and is called when they are ready.
protocol EventHandler: AnyObject {
    func handle(_ events: Events, on descriptor: Int32)
}

/// A single-threaded loop over level-triggered epoll, with one coarse tick instead of timers.
///
/// Handlers run one at a time and must not block. A handler whose action would disturb its own caller (by ending the
/// process to which the caller is writing, for instance) postpones it with `later`.
package final class EventLoop {
    private struct Entry {
        let handler: any EventHandler
        let generation: UInt32
        var interest: Events
        var isRegistered: Bool
    }

    /// The interval of `onTick` in microseconds, and so the precision of deadlines.
    static let tickInterval: Int64 = 250_000
    private static let batchSize = 256

    private let epoll: Int32
    private var entries: [Entry?] = []
    private var generation: UInt32 = 0
    private var batch = [epoll_event](repeating: epoll_event(), count: EventLoop.batchSize)
    private var postponed: [() -> Void] = []

    /// When the current batch of events arrived.
    private(set) var now = Clock.now
    /// Called about every `tickInterval`, to enforce deadlines.
    var onTick: () -> Void = {}
    /// Called after every batch.
    var afterBatch: () -> Void = {}

    /// Nil if the system grants no epoll descriptor.
    package init?() {
        epoll = epoll_create1(O_CLOEXEC)
        if epoll < 0 { return nil }
    }

    deinit { close(epoll) }

    // MARK: Descriptors

    /// Watches `descriptor` until `remove`, and keeps the handler alive until then.
    func add(_ descriptor: Int32, _ interest: Events, handler: any EventHandler) {
        let index = Int(descriptor)
        while entries.count <= index { entries.append(nil) }
        generation &+= 1
        entries[index] = Entry(
            handler: handler, generation: generation, interest: interest, isRegistered: true)
        control(EPOLL_CTL_ADD, descriptor, interest, generation)
    }

    /// Changes what is watched for. Hang-ups are always reported.
    func update(_ descriptor: Int32, _ interest: Events) {
        guard let entry = entry(descriptor), entry.interest != interest || !entry.isRegistered else { return }
        control(entry.isRegistered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, descriptor, interest, entry.generation)
        entries[Int(descriptor)]?.interest = interest
        entries[Int(descriptor)]?.isRegistered = true
    }

    /// Stops all reports, including hang-ups, until the next `update`.
    func pause(_ descriptor: Int32) {
        guard let entry = entry(descriptor), entry.isRegistered else { return }
        control(EPOLL_CTL_DEL, descriptor, [], entry.generation)
        entries[Int(descriptor)]?.isRegistered = false
    }

    /// Stops watching the descriptor. Call this before closing it.
    func remove(_ descriptor: Int32) {
        guard let entry = entry(descriptor) else { return }
        if entry.isRegistered { control(EPOLL_CTL_DEL, descriptor, [], entry.generation) }
        entries[Int(descriptor)] = nil
    }

    private func entry(_ descriptor: Int32) -> Entry? {
        let index = Int(descriptor)
        return entries.indices.contains(index) ? entries[index] : nil
    }

    private func control(_ operation: Int32, _ descriptor: Int32, _ interest: Events, _ generation: UInt32) {
        var event = epoll_event()
        event.events = interest.rawValue
        event.data.u64 = UInt64(generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
        _ = epoll_ctl(epoll, operation, descriptor, &event)
    }

    // MARK: Running

    /// Runs `action` after the current batch of events.
    func later(_ action: @escaping () -> Void) { postponed.append(action) }

    /// Handles events as long as `condition` holds. It is checked after every batch.
    func run(while condition: () -> Bool) {
        var nextTick = Clock.now + Self.tickInterval
        while condition() {
            let wait = postponed.isEmpty ? max(0, (nextTick - Clock.now + 999) / 1000) : 0
            let count = epoll_wait(epoll, &batch, Int32(Self.batchSize), Int32(wait))
            now = Clock.now
            if count > 0 {
                for index in 0..<Int(count) { dispatch(batch[index]) }
            }
            runPostponed()
            if now >= nextTick {
                onTick()
                runPostponed()
                nextTick = now + Self.tickInterval
            }
            afterBatch()
        }
    }

    private func dispatch(_ event: epoll_event) {
        let descriptor = Int32(truncatingIfNeeded: event.data.u64)
        // NB: an earlier event of this batch may have closed the descriptor and opened another one with the same
        // number. The generation tells them apart.
        guard let entry = entry(descriptor), UInt64(entry.generation) == event.data.u64 >> 32 else { return }
        entry.handler.handle(Events(rawValue: event.events), on: descriptor)
    }

    private func runPostponed() {
        while !postponed.isEmpty {
            let actions = postponed
            postponed.removeAll()
            for action in actions { action() }
        }
    }
}
