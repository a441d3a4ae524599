import CPlatform
import Glibc
import Platform

/// Tells at once when something in a folder changes (inotify). Where the system has none to give, nothing
/// is told, and whoever asks from time to time finds out later.
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

    /// Watches the folder that has the name now; it may have been made anew.
    func renew() {
        guard descriptor >= 0 else { return }
        let current = inotify_add_watch(descriptor, folder, UInt32(Self.changes))
        if watch >= 0, current != watch { inotify_rm_watch(descriptor, watch) }
        watch = current
    }

    func handle(_ events: Events, on descriptor: Int32) {
        // What has changed is found by looking; the events only say that it is time to.
        withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 8) { space in
            while case .bytes = Descriptor.read(descriptor, into: space) {}
        }
        onChange()
    }
}
