import Gateway
import Glibc

/// Tells on stderr how far a task has come, once it has taken two seconds: on a terminal in one line that changes,
/// otherwise in lines that come ever more rarely.
struct ProgressLine {
    private let task: String
    private let total: Int?
    private let isTerminal = isatty(2) == 1
    private var next = Clock.now + patience
    private var pause = patience
    private var isShown = false

    private static let patience = Clock.seconds(2)
    private static let interval = Clock.seconds(0.2)

    /// - Parameter total: how much there is to do; nil if that is not known.
    init(_ task: String, of total: Int?) { (self.task, self.total) = (task, total) }

    mutating func show(_ done: Int) {
        guard Clock.now >= next else { return }
        pause = isTerminal ? Self.interval : min(2 * pause, Clock.seconds(60))
        next = Clock.now + pause
        isShown = true
        let text = total.map { "\(task): \(done) of \($0)" } ?? "\(task): \(done)"
        Terminal.write(isTerminal ? "\r\u{1B}[K\(text)" : "\(text)\n", to: 2)
    }

    /// Removes the line from a terminal.
    func end() {
        if isTerminal, isShown { Terminal.write("\r\u{1B}[K", to: 2) }
    }
}
