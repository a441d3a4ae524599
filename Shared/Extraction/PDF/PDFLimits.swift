import Platform

/// The limits of reading PDF.
public struct PDFLimits: Sendable {
    /// Seconds of time, and of processor time, for one document. A thousand pages take five.
    public var seconds: Int
    /// Bytes of address space, for one document.
    public var memory: Int
    /// The slots for documents that are read at the same time, in all processes of the installation; nil for no limit.
    public var slots: SharedSlots?

    public init(seconds: Int = 15, memory: Int = 256 << 20, slots: SharedSlots? = nil) {
        self.seconds = seconds
        self.memory = memory
        self.slots = slots
    }

    /// With the slots of an installation.
    ///
    /// - Parameter places: the number of slots; nil for half the processors.
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
        limits.output = 64 << 20
        return limits
    }
}
