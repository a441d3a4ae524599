import Foundation
import Platform
import Testing
import Wire

/// Descriptors, the clock and locks, on real pipes and files.
struct DescriptorTests {
    @Test func aPipeCarriesBytesAndEnds() throws {
        let pipe = try #require(Descriptor.pipe())
        Descriptor.makeNonBlocking(pipe.read)
        let buffer = ByteBuffer()
        #expect(Descriptor.read(from: pipe.read, into: buffer, atMost: 16) == nil && errno == EAGAIN)
        #expect(!Descriptor.isReadable(pipe.read) && !Descriptor.hasLostReader(pipe.write))
        #expect(Array("hello".utf8).withUnsafeBufferPointer { Descriptor.writeAll($0, to: pipe.write) })
        #expect(Descriptor.read(from: pipe.read, into: buffer, atMost: 4) == 4 && buffer.text == "hell")
        close(pipe.write)
        #expect(Descriptor.read(from: pipe.read, into: buffer, atMost: 4) == 1 && buffer.text == "hello")
        #expect(Descriptor.read(from: pipe.read, into: buffer, atMost: 4) == 0)
        close(pipe.read)
    }

    @Test func theClockGoesForward() {
        let (first, nanoseconds) = (Moment.now, MonotonicClock.nanoseconds)
        #expect(MonotonicClock.nanoseconds >= nanoseconds && MonotonicClock.microseconds >= nanoseconds / 1000)
        #expect(first <= .now && (first + 2).since(first) == 2000)
    }

    @Test func aRecordBelongsToOneFileAtATime() throws {
        let path = NSTemporaryDirectory() + "records-\(UUID().uuidString)"
        let files = [open(path, O_RDWR | O_CREAT, 0o600), open(path, O_RDWR)]
        defer {
            for file in files { close(file) }
            unlink(path)
        }
        #expect(RecordLock.take(files[0], at: 7, count: 2))
        #expect(!RecordLock.take(files[1], at: 8) && RecordLock.take(files[1], at: 9))
        RecordLock.release(files[0], at: 8)
        #expect(RecordLock.take(files[1], at: 8))
    }

    @Test func slotsAreLimitedAndReleased() throws {
        let path = NSTemporaryDirectory() + "slots-\(UUID().uuidString)"
        defer { unlink(path) }
        let slots = SharedSlots(path: path, count: 2, patience: 0)
        let first = try slots.take()
        let second = try slots.take()
        #expect(throws: SharedSlots.Failure.busy(seconds: 1)) { try slots.take() }
        first.release()
        try slots.take().release()
        second.release()
        #expect(throws: SharedSlots.Failure.self) {
            try SharedSlots(path: "/nowhere/slots", count: 1, patience: 0).take()
        }
    }
}
