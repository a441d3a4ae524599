import Gateway
import Glibc

/// Serves a folder of functions over HTTP; `runner --help` tells how.
@main enum Runner {
    static func main() {
        exit(Program.run(arguments: Array(CommandLine.arguments.dropFirst())))
    }
}
