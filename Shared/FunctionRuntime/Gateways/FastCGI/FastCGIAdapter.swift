import CPlatform
import Glibc
import HTTP
import Models
import Platform
import Wire

/// FastCGI: a web server, or spawn-fcgi on its behalf, starts the process with a listening socket as descriptor 0.
///
/// The process serves one request at a time and stays warm. It holds several connections, because servers keep idle
/// ones open and may be slow to send a body.
final class FastCGIAdapter {
    private let program: Program
    /// The addresses that may connect over TCP (`FCGI_WEB_SERVER_ADDRS`); nil for all.
    private let servers: [IPAddress]?
    private var connections: [FastCGIConnection] = []

    private static let maximumConnections = 128
    /// Milliseconds without progress after which a terminating process abandons its requests.
    private static let endingTimeout: Int32 = 10_000

    struct CannotStart: Error, CustomStringConvertible { let description: String }

    init(serving program: Program) throws(CannotStart) {
        guard Descriptor.isListening(STDIN_FILENO) else {
            throw CannotStart(description: "FastCGI needs a listening socket as descriptor 0; spawn-fcgi gives one")
        }
        self.program = program
        servers = try Self.servers(Environment.value("FCGI_WEB_SERVER_ADDRS") ?? "")
        StandardDescriptors.divertOutput()
        // Several processes may wait on the same socket: accept(2) must not block if another one was faster.
        _ = fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK)
    }

    private static func servers(_ text: String) throws(CannotStart) -> [IPAddress]? {
        var addresses: [IPAddress] = []
        for word in text.split(atByte: ",") {
            guard let address = IPAddress(word.trimmed) else {
                throw CannotStart(description: "FCGI_WEB_SERVER_ADDRS must be a list of addresses, separated by commas")
            }
            addresses.append(address.unmapped)
        }
        return addresses.isEmpty ? nil : addresses
    }

    /// Serves until SIGTERM or SIGINT, and finishes the requests that have begun.
    func run() -> Int32 {
        let termination = TerminationSignals()
        var isEnding = false
        var hasDeferred = false
        var isResting = false
        while true {
            let mayAccept = !isEnding && connections.count < Self.maximumConnections
            var waiting = connections.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
            // poll(2) ignores negative descriptors.
            waiting.append(pollfd(fd: isEnding ? -1 : termination.descriptor, events: Int16(POLLIN), revents: 0))
            waiting.append(pollfd(fd: mayAccept ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0))
            let patience = isEnding ? Self.endingTimeout : isResting ? -1 : program.resting?.milliseconds ?? -1
            let count = poll(&waiting, nfds_t(waiting.count), patience)
            if count == 0 {
                if isEnding { return 0 }
                program.resting?.begin()
                isResting = true
            }
            if count <= 0 { continue }
            isResting = false
            if waiting[connections.count].revents != 0 { isEnding = true }
            let hasNewcomer = waiting[connections.count + 1].revents != 0
            let ready = zip(waiting, connections).filter { $0.0.revents != 0 }.map(\.1)
            for connection in ready { attend(connection) }
            // While busy, it passes over a new connection once: an idle process may take it.
            hasDeferred = hasNewcomer && !ready.isEmpty && !hasDeferred
            if hasNewcomer, !hasDeferred, !isEnding, let newcomer = accept() { attend(newcomer) }
            if !ready.isEmpty || hasNewcomer { program.afterwards() }
            connections.removeAll { $0.isOver || (isEnding && $0.isIdle) }
            if isEnding, connections.isEmpty { return 0 }
        }
    }

    private func accept() -> FastCGIConnection? {
        let descriptor = accept4(STDIN_FILENO, nil, nil, Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
        guard descriptor >= 0 else { return nil }
        let connection = FastCGIConnection(
            descriptor,
            FastCGIExchange(maximumBody: program.maximumBody, maximumConnections: Self.maximumConnections))
        guard mayConnect(descriptor) else {
            Log.write(.warning, "A FastCGI connection comes from an address that is not in FCGI_WEB_SERVER_ADDRS")
            return nil
        }
        connections.append(connection)
        return connection
    }

    private func mayConnect(_ descriptor: Int32) -> Bool {
        guard let servers else { return true }
        guard let peer = IPAddress(peerOf: descriptor) else { return true }
        return servers.contains(peer.unmapped)
    }

    /// Reads from a connection, and serves its requests.
    private func attend(_ connection: FastCGIConnection) {
        do throws(FastCGI.Malformed) {
            try connection.receive()
            while let request = connection.exchange.request, request.isComplete {
                try serve(request, on: connection)
            }
        } catch {
            Log.write(.warning, "A FastCGI connection was closed", ["cause": .string(error.description)])
            connections.removeAll { $0 === connection }
        }
    }

    private func serve(_ incoming: FastCGIExchange.Incoming, on connection: FastCGIConnection) throws(FastCGI.Malformed)
    {
        let response = CGIResponse(to: connection)
        var variables = RequestVariables()
        var pairs = FastCGIPairs(incoming.parameters.bytes)
        while let (name, value) = try pairs.next() {
            variables.take(String(decoding: name, as: UTF8.self)[...], HeaderText.decode(value))
        }
        program.serve(to: response) {
            var request = try variables.makeRequest(basePath: program.basePath)
            if !variables.contentLength.isEmpty, variables.contentLength != String(incoming.bodyLength) {
                throw APIError(.badRequest, "Body length does not match Content-Length")
            }
            request.body = incoming.body
            return request
        }
        try connection.finish(exitStatus: response.hasFailed ? 1 : 0)
    }
}

extension IPAddress {
    /// The peer's address; nil for a Unix socket.
    fileprivate init?(peerOf descriptor: Int32) {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let found: IPAddress? = withUnsafeMutablePointer(to: &address) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                getpeername(descriptor, address, &length) == 0 ? IPAddress(address) : nil
            }
        }
        guard let found else { return nil }
        self = found
    }
}
