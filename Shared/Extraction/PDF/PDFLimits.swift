import Platform

/// The limits for reading PDF.
public struct PDFLimits: Sendable {
    /// The maximum time for one document, and the maximum processor time of each program that reads it, in seconds. A
    /// thousand pages take five.
    public var seconds: Int
    /// The maximum address space of each program that reads a document, in bytes. Two read a long one.
    public var memory: Int
    /// Limits how many documents all processes of the installation read at the same time, because the other limits only
    /// hold for one document; nil for no limit.
    public var slots: SharedSlots?

    public init(seconds: Int = 15, memory: Int = 256 << 20, slots: SharedSlots? = nil) {
        self.seconds = seconds
        self.memory = memory
        self.slots = slots
    }

    /// Uses the slots of the installation.
    ///
    /// - Parameter places: the number of slots; nil for half the number of processors.
    public init(seconds: Int, memory: Int, places: Int?, in dataDirectory: String) {
        self.init(
            seconds: seconds, memory: memory,
            slots: SharedSlots(path: "\(dataDirectory)/pdf.lock", count: places, patience: seconds))
    }

    var ofCommand: Command.Limits {
        var limits = Command.Limits()
        limits.deadline = seconds * 1000
        limits.processorSeconds = seconds
        limits.memory = memory
        // It is read while it arrives. A word takes about 140 bytes of it.
        limits.output = 1 << 30
        return limits
    }
}
