import CSQLite
import Glibc

/// The processor time one search may take. When it is used up, the search ends with the best results so far.
///
/// Processor time rather than elapsed time, so that a busy machine does not cut searches short.
public final class SearchBudget {
    private let start = SearchBudget.now()
    private let nanoseconds: Int64
    private var deadline: Int64
    /// Work since the clock was last read. Reading it for every passage would cost more than most passages do.
    private var units = 0
    private static let unitsBetweenReadings = 8192

    /// Whether the current part of the work has to end.
    private(set) var isOver = false
    /// Whether any part of the work ended early, so that results may be missing.
    public private(set) var isSpent = false

    /// - Parameter milliseconds: 0 for no limit.
    public init(milliseconds: Int) {
        nanoseconds = milliseconds > 0 ? Int64(milliseconds) * 1_000_000 : .max / 2
        deadline = start + nanoseconds
    }

    /// The rest of a budget that several searches share.
    public init(restOf whole: SearchBudget) {
        nanoseconds = max(0, whole.start + whole.nanoseconds - start)
        deadline = start + nanoseconds
    }

    /// Whether the time is over, for work between searches.
    public var isUsedUp: Bool { Self.now() >= start + nanoseconds }

    /// Begins a part of the work. It may run until this share of the whole budget is used up.
    func begin(until share: Double) {
        deadline = start + (share >= 1 ? nanoseconds : Int64(Double(nanoseconds) * share))
        isOver = false
        units = 0
    }

    /// Counts units of work, about 5 ns each. Returns false if the current part has to end.
    func spend(_ amount: Int) -> Bool {
        units += amount
        return units < Self.unitsBetweenReadings ? !isOver : check()
    }

    /// Thrown where reading ends early.
    struct Spent: Error {}

    /// The same for reading a row that a server has sent.
    func spendOnRow() -> Bool { spend(Self.workOfOneRow) }

    /// The cost of a row, in units.
    private static let workOfOneRow = 100

    /// The same, by the clock alone.
    fileprivate func check() -> Bool {
        units = 0
        if Self.now() >= deadline { (isOver, isSpent) = (true, true) }
        return !isOver
    }

    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

extension SearchBudget {
    /// The number of SQLite instructions between two checks of the clock.
    private static let instructions: Int32 = 2000

    /// Runs `body`. Statements of that connection fail in it once the budget is used up.
    func limit<T>(_ handle: OpaquePointer, _ body: () throws -> T) rethrows -> T {
        sqlite3_progress_handler(
            handle, Self.instructions,
            { budget in
                guard let budget else { return 0 }
                return Unmanaged<SearchBudget>.fromOpaque(budget)._withUnsafeGuaranteedRef { $0.check() } ? 0 : 1
            }, Unmanaged.passUnretained(self).toOpaque())
        defer { sqlite3_progress_handler(handle, 0, nil, nil) }
        return try body()
    }
}
