/// How long a client may keep the gateway waiting, in microseconds.
///
/// Bytes that a client sends or reads move the start of the wait forward by the time they take at the minimum rate, but
/// never past the present. So a transfer of `n` bytes ends at the latest after its patience plus `n` divided by that
/// rate, and a stalled one after its patience. With a deadline for the whole length instead, a megabyte sent at once
/// would pay for a minute of silence.
struct Patience {
    private var since = Int64.max
    private var time: Int64 = 0

    /// Whether the gateway is not waiting.
    var isEndless: Bool { since == .max }

    mutating func begin(_ seconds: Double, now: Int64) {
        since = now
        time = Clock.seconds(seconds)
    }

    mutating func end() { since = .max }

    /// - Parameter rate: in bytes per second; 0 if a single byte is enough progress.
    mutating func earn(_ bytes: Int, rate: Int, now: Int64) {
        guard !isEndless, bytes > 0 else { return }
        since = rate == 0 ? now : min(now, since + Int64(bytes) * 1_000_000 / Int64(rate))
    }

    func isOver(_ now: Int64) -> Bool { !isEndless && now - since > time }

    /// How far the client is behind.
    func lag(_ now: Int64) -> Int64 { isEndless ? 0 : max(0, now - since) }
}
