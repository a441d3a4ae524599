import Glibc

/// One version of an executable file. If possible it is kept open, so that it can still be started after the file was
/// replaced by a version that does not work.
final class Executable {
    let path: String
    let identity: FileIdentity
    /// -1 if it is not kept open, because descriptors are short or the file is executable but not readable.
    private let descriptor: Int32

    /// Nil if the file does not exist or is just being changed.
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

    /// Starts exactly this version. As long as the file is this version, it is started by its path, which scripts can
    /// see; otherwise through the descriptor.
    func start(
        arguments: [String], environment: ChildEnvironment, hasInput: Bool
    ) throws(FunctionChild.StartError) -> FunctionChild {
        if isInPlace {
            let child = try FunctionChild.start(
                path, arguments: arguments, environment: environment, hasInput: hasInput)
            if isInPlace { return child }
            child.discard()
        }
        guard descriptor >= 0 else { throw FunctionChild.StartError(code: ENOENT) }
        // NB: the path goes through our own process, because an interpreter has to open the file too and lacks this
        // descriptor.
        return try FunctionChild.start(
            "/proc/\(getpid())/fd/\(descriptor)", arguments: arguments, environment: environment, hasInput: hasInput)
    }
}

/// Identifies a version of a file, as far as `stat` can.
struct FileIdentity: Equatable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    private let seconds: Int
    private let nanoseconds: Int

    /// Nil if the file does not exist.
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
