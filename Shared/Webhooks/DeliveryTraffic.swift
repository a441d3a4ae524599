import Glibc
import Models
import Outbound
import Platform
import Storage
import Wire

/// The deliveries that this process is sending, all concurrently: none waits for another's name server or receiver.
final class DeliveryTraffic {
    /// The outcome of a delivery.
    struct Result {
        var claim: EventStore.Claim
        /// The receiver's status, if it sent one.
        var status: Int?
        /// Why it failed.
        var error: String?
        var milliseconds: Int
    }

    private struct Waiting {
        var claim: EventStore.Claim
        var lookup: AddressLookup
        var deadline: Moment
    }

    /// The largest response accepted from a receiver, in bytes. Nobody reads it.
    private static let maximumAnswer = 64 << 10
    /// The most exchanges per `curl`.
    private static let perProcess = EventStore.Slots.perRun
    /// The descriptors each delivery needs: for its pipe and, while it starts, for its body.
    private static let descriptorsEach = 3
    private static let spareDescriptors = 32

    private let policy: WebhookPolicy
    private let exchanges = ExchangeGroup<EventStore.Claim>()
    private var waiting: [Waiting] = []
    private var results: [Result] = []
    private var cancelled: [EventStore.Claim] = []

    init(_ policy: WebhookPolicy) { self.policy = policy }

    /// The number of deliveries in flight.
    var count: Int { waiting.count + exchanges.count + results.count }

    /// The deliveries in flight.
    var claims: [EventStore.Claim] { waiting.map(\.claim) + exchanges.tags + results.map(\.claim) + cancelled }

    /// Returns, once, the deliveries that were not sent, or may not have been, because an earlier one in their series
    /// failed. The caller gives them back to the queue.
    func takeCancelled() -> [EventStore.Claim] {
        defer { cancelled = [] }
        return cancelled
    }

    /// How many more deliveries can start.
    var room: Int {
        var limit = rlimit()
        let descriptors = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? limit.rlim_cur : 256
        let most = (Int(clamping: descriptors) - Self.spareDescriptors) / Self.descriptorsEach
        return max(1, min(EventStore.Slots.all, most)) - count
    }

    func begin(_ claims: [EventStore.Claim]) {
        let addresses = AddressGuard(allowsPrivate: policy.allowsPrivate)
        let deadline = Moment.now + policy.timeoutSeconds
        // Deliveries to the same URL share one lookup.
        var lookups: [String: AddressLookup] = [:]
        for claim in claims {
            do throws(OutboundError) {
                let lookup: AddressLookup
                if let known = lookups[claim.url] { lookup = known } else { lookup = try addresses.beginPin(claim.url) }
                lookups[claim.url] = lookup
                waiting.append(Waiting(claim: claim, lookup: lookup, deadline: deadline))
            } catch {
                fail(claim, error)
            }
        }
        sendWhatIsKnown()
    }

    /// Waits for results and returns them: at once if there are any, otherwise when the first arrives, or empty after
    /// `milliseconds`.
    ///
    /// - Parameter gathering: how long to wait for more after the first.
    func wait(_ milliseconds: Int, gathering: Int) -> [Result] {
        var end = Moment.now.adding(milliseconds: Int64(milliseconds))
        while true {
            sendWhatIsKnown()
            let before = results.count
            for ending in exchanges.takeEnded() { take(ending) }
            if before == 0, !results.isEmpty { end = min(end, Moment.now.adding(milliseconds: Int64(gathering))) }
            let left = end.since(.now)
            if left <= 0 || results.count == count || !cancelled.isEmpty { break }
            RunningCommand.wait(
                for: exchanges.descriptors + waiting.map(\.lookup.descriptor).filter { $0 >= 0 }, atMost: Int(left))
        }
        defer { results = [] }
        return results
    }

    /// Starts the deliveries whose address is known.
    private func sendWhatIsKnown() {
        var ready: [(tag: EventStore.Claim, request: HTTPRequest)] = []
        var stillWaiting: [Waiting] = []
        for waiting in waiting {
            do throws(OutboundError) {
                if let pin = try waiting.lookup.result() {
                    ready.append((waiting.claim, request(for: waiting.claim, pin)))
                } else if Moment.now >= waiting.deadline {
                    throw .unresolvable("The host name could not be resolved in time")
                } else {
                    stillWaiting.append(waiting)
                }
            } catch {
                fail(waiting.claim, error)
            }
        }
        waiting = stillWaiting
        var single: [(tag: EventStore.Claim, request: HTTPRequest)] = []
        for series in Dictionary(grouping: ready, by: \.tag.webhookId).values {
            if series.count > policy.concurrency, series.count <= Self.perProcess {
                begin(series, atOnce: policy.concurrency)
            } else {
                single += series
            }
        }
        for start in stride(from: 0, to: single.count, by: Self.perProcess) {
            begin(Array(single[start..<min(start + Self.perProcess, single.count)]), atOnce: nil)
        }
    }

    private func begin(_ requests: [(tag: EventStore.Claim, request: HTTPRequest)], atOnce: Int?) {
        do throws(OutboundError) {
            try exchanges.begin(requests, atOnce: atOnce)
        } catch {
            for (claim, _) in requests { fail(claim, error) }
        }
    }

    private func request(for claim: EventStore.Claim, _ pin: Pin) -> HTTPRequest {
        let signature = WebhookSignature.headers(
            id: claim.eventId, body: claim.payload, secret: claim.secret, at: .now())
        var request = HTTPRequest(
            "POST", claim.url,
            headers: [("content-type", "application/json"), ("user-agent", "AINexLayer-Webhooks/1")] + signature,
            body: Array(claim.payload.utf8), pin: pin)
        request.limits.connecting = policy.timeoutSeconds * 1000
        request.limits.total = policy.timeoutSeconds * 1000
        request.limits.body = Self.maximumAnswer
        return request
    }

    private func take(_ ending: ExchangeGroup<EventStore.Claim>.Ending) {
        if ending.error == .cancelled { return cancelled.append(ending.tag) }
        guard let status = ending.status else {
            return fail(ending.tag, ending.error ?? .interrupted("no HTTP response"), ending.milliseconds)
        }
        let isSuccess = (200...299).contains(status)
        results.append(
            Result(
                claim: ending.tag, status: status, error: isSuccess ? nil : "The receiver responded with \(status)",
                milliseconds: ending.milliseconds))
    }

    private func fail(_ claim: EventStore.Claim, _ error: OutboundError, _ milliseconds: Int = 0) {
        var reason = "\(error)"
        // The same message as for an address that is not public, so that nobody can find out which internal names
        // exist.
        if case .unresolvable = error, !policy.allowsPrivate { reason = AddressGuard.notPublic }
        results.append(Result(claim: claim, status: nil, error: reason, milliseconds: milliseconds))
    }
}
