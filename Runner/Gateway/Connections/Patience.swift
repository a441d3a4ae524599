/// How long a client may keep the gateway waiting, in microseconds.
///
/// What a client sends or takes moves the beginning on, by the time that it takes at the lowest rate that is
/// allowed, and never beyond the present. So a transfer of `n` bytes ends after its patience and `n` by that rate at the
/// latest, one that stands still after its patience.
struct Patience {
    private var since = Int64.max
    private var time: Int64 = 0

    /// Whether nobody is waited for.
    var isEndless: Bool { since == .max }

    mutating func begin(_ seconds: Double, now: Int64) {
        since = now
        time = Clock.seconds(seconds)
    }

    mutating func end() { since = .max }

    /// - Parameter rate: bytes a second; 0 where a single byte is progress enough.
    mutating func earn(_ bytes: Int, rate: Int, now: Int64) {
        guard !isEndless, bytes > 0 else { return }
        since = rate == 0 ? now : min(now, since + Int64(bytes) * 1_000_000 / Int64(rate))
    }

    func isOver(_ now: Int64) -> Bool { !isEndless && now - since > time }

    /// How long the client has been behind.
    func lag(_ now: Int64) -> Int64 { isEndless ? 0 : max(0, now - since) }
}
