/// A function that is served.
struct ServedFunction {
    var description: FunctionDescription
    let pool: FunctionPool
}
