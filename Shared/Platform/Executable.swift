import Glibc

/// The program that runs in this process.
public enum Executable {
    /// The path of what lies beside the program's folder: `/opt/nexlayer/models` for `models` and the program
    /// `/opt/nexlayer/functions/health`.
    public static func besideFolder(_ name: String) -> String {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &path, path.count)
        let program = path.prefix(max(0, length)).map { UInt8(bitPattern: $0) }
        let folders = program.split(separator: UInt8(ascii: "/")).dropLast(2)
        return folders.map { "/" + String(decoding: $0, as: UTF8.self) }.joined() + "/" + name
    }
}
