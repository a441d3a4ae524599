import Glibc

/// One version of an executable file. It is held open where that can be, so that it can be started even when the file
/// has been replaced by a version that does not work.
final class Executable {
    let path: String
    let identity: FileIdentity
    /// -1 where it is not held: descriptors are short, or whoever may execute it may not read it.
    private let descriptor: Int32

    /// Nil when there is no such file, or when it changes at this very moment.
    init?(_ path: String, isHeld: Bool) {
        descriptor = isHeld ? open(path, O_RDONLY | O_CLOEXEC) : -1
        let held = descriptor >= 0 ? FileIdentity(descriptor: descriptor) : FileIdentity(path)
        guard let held, held == FileIdentity(path) else {
            if descriptor >= 0 { close(descriptor) }
            return nil
        }
        identity = held
        self.path = path
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    private var isInPlace: Bool { FileIdentity(path) == identity }

    /// Starts exactly this version: by its path as long as the file is this version, because scripts are told
    /// the path that they were started by; else through the descriptor.
    func start(
        arguments: [String], environment: ChildEnvironment, hasInput: Bool
    ) throws(ChildProcess.StartError) -> ChildProcess {
        if isInPlace {
            let child = try ChildProcess.start(path, arguments: arguments, environment: environment, hasInput: hasInput)
            if isInPlace { return child }
            child.discard()
        }
        guard descriptor >= 0 else { throw ChildProcess.StartError(code: ENOENT) }
        // NB: through our own process's folder, which an interpreter can open too; its own has no such descriptor.
        return try ChildProcess.start(
            "/proc/\(getpid())/fd/\(descriptor)", arguments: arguments, environment: environment, hasInput: hasInput)
    }
}

/// Which version of a file this is, as far as a stat can tell.
struct FileIdentity: Equatable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    private let seconds: Int
    private let nanoseconds: Int

    /// Nil when there is no such file.
    init?(_ path: String) {
        var information = stat()
        guard stat(path, &information) == 0 else { return nil }
        self.init(information)
    }

    init?(descriptor: Int32) {
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { return nil }
        self.init(information)
    }

    private init(_ information: stat) {
        device = UInt64(information.st_dev)
        inode = UInt64(information.st_ino)
        size = Int64(information.st_size)
        (seconds, nanoseconds) = (information.st_mtim.tv_sec, information.st_mtim.tv_nsec)
    }
}
