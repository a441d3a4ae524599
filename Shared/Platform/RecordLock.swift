import CPlatform
import Glibc

/// Record locks of open files (fcntl(2), "Open file description locks"). The kernel releases them when the file is
/// closed, so also when the process ends for any reason.
public enum RecordLock {
    /// Locks some bytes. Returns false if another open file still has the lock after `milliseconds`, or on an error
    /// (`errno`).
    ///
    /// - Parameters:
    ///   - isShared: whether others may share it.
    ///   - milliseconds: how long to wait. Waiting uses SIGALRM and the real-time interval timer.
    public static func take(
        _ descriptor: Int32, at start: Int64, count: Int64 = 1, isShared: Bool = false,
        waiting milliseconds: Int32 = 0
    ) -> Bool {
        platform_record_lock(descriptor, Int16(isShared ? F_RDLCK : F_WRLCK), start, count, milliseconds) == 0
    }

    public static func release(_ descriptor: Int32, at start: Int64, count: Int64 = 1) {
        _ = platform_record_lock(descriptor, Int16(F_UNLCK), start, count, 0)
    }
}
