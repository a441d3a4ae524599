import FunctionRuntime

// The parts of the runtime that endpoints with custom responses need.

public typealias Response = FunctionRuntime.Response
public typealias ResponseStream = FunctionRuntime.ResponseStream
/// A file of a form.
public typealias UploadedFile = MultipartForm.Part
