import FunctionRuntime
import Models
import Storage

/// The caller has fewer rights now than when the request was authorised.
private struct LostRights: Error {}

/// The steps of a request whose route the runtime has matched:
///
/// 1. Authorise: `access` identifies the caller and counts the request against their limit.
/// 2. Decode: `Input` reads and checks the fields.
/// 3. Limit: login attempts are counted.
/// 4. Handle, under the route's idempotency policy. Each write checks again, on the locked state, that the caller still
///    has their rights. This covers everything the handler does; an endpoint cannot bypass it.
/// 5. Respond: the entity tag and the state of the limit are added.
extension Function {
    static func respond(
        to request: Request, as operation: String, _ route: Route, in installation: Installation
    ) throws -> Response {
        var call = Call(request, to: operation, route, in: installation)
        do {
            // If the caller is identified, a request that only reads does so from one snapshot: the response belongs to
            // the rights with which it was authorised.
            var response =
                (route.method == "GET" || route.isReadOnly) && access.keepsRights != nil
                ? try installation.store.snapshot { try serve(&call) } : try serve(&call)
            if route.method == "GET" { EntityTag.apply(to: &response, for: request) }
            call.addLimit(to: &response)
            return response
        } catch {
            throw call.addingLimit(to: error)
        }
    }

    private static func serve(_ call: inout Call) throws -> Response {
        var caller = try access.authorize(&call)
        let input = try Fields.read(Input.self, from: call.request, expecting: call.route.bodyKind)
        try call.count(input.attempt)
        var response = try withRights(of: &caller, in: call) { caller in
            try call.idempotently { call in try handle(input, by: caller, in: call).response() }
        }
        if case .stream(let produce) = response.body {
            response.body = .stream { [call, caller] stream in
                var caller = caller
                do {
                    try withRights(of: &caller, in: call, attempts: 1) { _ in try produce(stream) }
                } catch {
                    throw call.addingLimit(to: error)
                }
            }
        }
        return response
    }

    /// Runs `body` and authorises the request again in each of its writes. A caller who has lost all rights gets the
    /// error that the same request would get now: 401, 403 or 404. For one who has lost some, `body` runs again with
    /// the remaining rights; nothing has been written by then.
    ///
    /// - Parameter attempts: how often `body` may run.
    private static func withRights<T>(
        of caller: inout Caller, in call: Call, attempts: Int = 3, _ body: (Caller) throws -> T
    ) throws -> T {
        guard let keepsRights = access.keepsRights, call.route.method != "GET" else {
            return try reauthorizingOnRemoval(call) { try body(caller) }
        }
        for attempt in 1...attempts {
            let authorized = caller
            do {
                return try call.store.authorizingWrites {
                    if !keepsRights(authorized, try authorizeAgain(call)) { throw LostRights() }
                } _: {
                    try reauthorizingOnRemoval(call) { try body(authorized) }
                }
            } catch is LostRights {
                if attempt < attempts { caller = try authorizeAgain(call) }
            }
        }
        throw APIError.forbidden("Your rights changed while the request was being served; send it again")
    }

    /// If `body` finds that a resource's parent was removed after the request was authorised, throws what the same
    /// request would get now: 404 for a workspace, 401 for an account.
    private static func reauthorizingOnRemoval<T>(_ call: Call, _ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as APIError where error.isParentRemoved {
            _ = try authorizeAgain(call)
            throw error
        }
    }

    private static func authorizeAgain(_ call: Call) throws -> Caller {
        var again = call
        return try access.authorize(&again)
    }
}
