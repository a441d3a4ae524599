import CPlatform
import Glibc
import Platform

/// Calls back as soon as something in a folder changes (inotify). If the system grants no watch, it does nothing, and
/// changes are found by periodic scans.
final class FolderWatch: EventHandler {
    private static let changes =
        IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF

    private let folder: String
    private let onChange: () -> Void
    private let descriptor: Int32
    private var watch: Int32 = -1

    init(_ folder: String, loop: EventLoop, onChange: @escaping () -> Void) {
        self.folder = folder
        self.onChange = onChange
        descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        guard descriptor >= 0 else { return }
        renew()
        loop.add(descriptor, .readable, handler: self)
    }

    /// Watches the folder that is now at the path; the previous one may have been replaced.
    func renew() {
        guard descriptor >= 0 else { return }
        let current = inotify_add_watch(descriptor, folder, UInt32(Self.changes))
        if watch >= 0, current != watch { inotify_rm_watch(descriptor, watch) }
        watch = current
    }

    func handle(_ events: Events, on descriptor: Int32) {
        // Events only trigger a scan, which finds out what has changed. So lost events and file systems without events
        // need no code.
        withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 8) { space in
            while case .bytes = Descriptor.read(descriptor, into: space) {}
        }
        onChange()
    }
}
