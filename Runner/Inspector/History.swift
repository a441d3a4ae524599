import Gateway

/// The last invocations, limited in number and in memory.
struct History {
    private let maximumBytes: Int
    private var slots: [Invocation?]
    private var slotBytes: [Int]
    private var bytes = 0
    private(set) var last = 0
    private var first = 1

    init(entries: Int, bytes: Int) {
        maximumBytes = bytes
        slots = Array(repeating: nil, count: max(1, entries))
        slotBytes = Array(repeating: 0, count: max(1, entries))
    }

    var isEmpty: Bool { first > last }

    /// Adds an invocation, which gets its number, and removes the oldest if there are too many.
    mutating func add(_ invocation: Invocation) -> Invocation {
        if last - first + 1 == slots.count { removeFirst() }
        last += 1
        var numbered = invocation
        numbered.number = last
        slots[last % slots.count] = numbered
        let size = 512 + (invocation.capture?.bytes ?? 0)
        slotBytes[last % slots.count] = size
        bytes += size
        while bytes > maximumBytes, first < last { removeFirst() }
        return numbered
    }

    private mutating func removeFirst() {
        let index = first % slots.count
        slots[index] = nil
        bytes -= slotBytes[index]
        slotBytes[index] = 0
        first += 1
    }

    subscript(number: Int) -> Invocation? {
        number >= first && number <= last ? slots[number % slots.count] : nil
    }

    /// The invocations after a number, oldest first.
    func after(_ number: Int) -> [Invocation] {
        let start = max(first, number + 1)
        return start > last ? [] : (start...last).compactMap { slots[$0 % slots.count] }
    }

    mutating func removeAll() {
        while first <= last { removeFirst() }
    }
}
